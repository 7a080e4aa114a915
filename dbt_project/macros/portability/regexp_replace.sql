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
