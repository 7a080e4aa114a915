{#- True where the pattern is found in the text. Write [.] and [0-9], not backslashes: engines differ on escapes. -#}
{% macro regexp_matches(text, pattern) -%}
    {{ return(adapter.dispatch("regexp_matches", "throughline")(text, pattern)) }}
{%- endmacro %}

{% macro default__regexp_matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro spark__regexp_matches(text, pattern) -%}
    ({{ text }} rlike {{ pattern }})
{%- endmacro %}
