{#- The text of a `json` field of `json_fields`: what a JSON text says, or a number, object or list as JSON. -#}
{% macro json_text(value) -%}
    {{ return(adapter.dispatch("json_text", "throughline")(value)) }}
{%- endmacro %}

{% macro default__json_text(value) -%}
    ({{ value }} ->> '$')
{%- endmacro %}

{% macro spark__json_text(value) -%}
    {{ value }}
{%- endmacro %}

{#- Whether a `json` field of `json_fields` is a JSON text. Spark's from_json does not say: false there. -#}
{% macro is_json_text(value) -%}
    {{ return(adapter.dispatch("is_json_text", "throughline")(value)) }}
{%- endmacro %}

{% macro default__is_json_text(value) -%}
    (cast({{ value }} as varchar) like '"%')
{%- endmacro %}

{% macro spark__is_json_text(value) -%}
    false
{%- endmacro %}
