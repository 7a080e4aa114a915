{#-
    A column of JSON text as one struct, parsed once. `fields` maps each name to its fields, or to none for a value, which
    comes as text whatever its JSON type (an object or list as JSON), or to "json" for a value that keeps its JSON type (read
    it with `json_text` and `is_json_text`). What is missing or of another shape is null.
-#}
{% macro json_fields(column, fields) -%}
    {{ return(adapter.dispatch("json_fields", "throughline")(column, fields)) }}
{%- endmacro %}

{% macro default__json_fields(column, fields) -%}
    from_json({{ column }}, '{{ json_shape(fields) }}')
{%- endmacro %}

{% macro spark__json_fields(column, fields) -%}
    from_json({{ column }}, '{{ json_shape(fields) }}')
{%- endmacro %}
