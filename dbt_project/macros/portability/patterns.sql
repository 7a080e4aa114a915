{#- Whether the pattern is found in the text. Write [.] and [0-9], not backslashes: engines differ on escapes. -#}
{% macro regexp_matches(text, pattern) -%}
    {{ return(adapter.dispatch("regexp_matches", "throughline")(text, pattern)) }}
{%- endmacro %}

{% macro default__regexp_matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro spark__regexp_matches(text, pattern) -%}
    ({{ text }} rlike {{ pattern }})
{%- endmacro %}

{#- The part of the text that a group of the pattern matched; null if it matched nothing. -#}
{% macro regexp_extract(text, pattern, group=1) -%}
    {{ return(adapter.dispatch("regexp_extract", "throughline")(text, pattern, group)) }}
{%- endmacro %}

{% macro default__regexp_extract(text, pattern, group=1) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, {{ group }}), '')
{%- endmacro %}

{% macro spark__regexp_extract(text, pattern, group=1) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, {{ group }}), '')
{%- endmacro %}

{#- The text with every match of the pattern replaced. -#}
{% macro regexp_replace(text, pattern, replacement) -%}
    {{ return(adapter.dispatch("regexp_replace", "throughline")(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__regexp_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}

{% macro spark__regexp_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }})
{%- endmacro %}

{#- A regular expression as a text literal of the engine, taken as it is. -#}
{% macro pattern_literal(pattern) -%}
    {{ return(adapter.dispatch("pattern_literal", "throughline")(pattern)) }}
{%- endmacro %}

{% macro default__pattern_literal(pattern) -%}
    '{{ pattern | replace("'", "''") }}'
{%- endmacro %}

{% macro spark__pattern_literal(pattern) -%}
    r'{{ pattern | replace("'", "\\x27") }}'
{%- endmacro %}
