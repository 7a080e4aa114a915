{#- The part of the text that a group of the pattern matched; null where it matched nothing. -#}
{% macro regexp_extract(text, pattern, group=1) -%}
    {{ return(adapter.dispatch("regexp_extract", "throughline")(text, pattern, group)) }}
{%- endmacro %}

{% macro default__regexp_extract(text, pattern, group=1) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, {{ group }}), '')
{%- endmacro %}

{% macro spark__regexp_extract(text, pattern, group=1) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, {{ group }}), '')
{%- endmacro %}
