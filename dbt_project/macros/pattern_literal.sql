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
