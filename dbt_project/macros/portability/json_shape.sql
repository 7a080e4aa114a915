{#- The shape of a JSON value as the engine's from_json wants it: see json_fields. -#}
{% macro json_shape(fields) -%}
    {{ return(adapter.dispatch("json_shape", "throughline")(fields)) }}
{%- endmacro %}

{% macro default__json_shape(fields) -%}
    {%- if fields is mapping -%}
        {
        {%- for name, inner in fields.items() -%}
            "{{ name }}":{{ json_shape(inner) }}{{ "," if not loop.last }}
        {%- endfor -%}
        }
    {%- else -%}
        "{{ "JSON" if fields == "json" else "VARCHAR" }}"
    {%- endif -%}
{%- endmacro %}

{% macro spark__json_shape(fields) -%}
    {%- if fields is mapping -%}
        struct<
        {%- for name, inner in fields.items() -%}
            `{{ name }}`:{{ json_shape(inner) }}{{ "," if not loop.last }}
        {%- endfor -%}
        >
    {%- else -%}
        string
    {%- endif -%}
{%- endmacro %}
