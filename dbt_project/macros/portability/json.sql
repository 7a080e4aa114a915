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

{#-
    A select with one row per element of a JSON array: the columns of `keep`, `element_number` from 1, and `element`, a
    struct of `fields` as in json_fields (text if `fields` is none). A value that is no array gives no rows.
-#}
{% macro json_array_rows(relation, column, fields, keep) -%}
    {{ return(adapter.dispatch("json_array_rows", "throughline")(relation, column, fields, keep)) }}
{%- endmacro %}

{% macro default__json_array_rows(relation, column, fields, keep) -%}
    select
        {%- for name in keep %}
        {{ name }},
        {%- endfor %}
        generate_subscripts(elements, 1) as element_number,
        unnest(elements) as element
    from (
        select
            {%- for name in keep %}
            {{ name }},
            {%- endfor %}
            from_json({{ column }}, '[{{ json_shape(fields) }}]') as elements
        from {{ relation }}
        where {{ column }} is not null
    ) as parsed_arrays
{%- endmacro %}

{% macro spark__json_array_rows(relation, column, fields, keep) -%}
    select
        {%- for name in keep %}
        {{ name }},
        {%- endfor %}
        element_index + 1 as element_number,
        element
    from {{ relation }}
    lateral view posexplode(from_json({{ column }}, 'array<{{ json_shape(fields) }}>')) exploded as element_index, element
{%- endmacro %}

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
        {{ "variant" if fields == "json" else "string" }}
    {%- endif -%}
{%- endmacro %}

{#- The text of a `json` field of `json_fields`: a JSON text without its quotes, or a number, object or list as JSON. -#}
{% macro json_text(value) -%}
    {{ return(adapter.dispatch("json_text", "throughline")(value)) }}
{%- endmacro %}

{% macro default__json_text(value) -%}
    ({{ value }} ->> '$')
{%- endmacro %}

{% macro spark__json_text(value) -%}
    cast({{ value }} as string)
{%- endmacro %}

{#- Whether a `json` field of `json_fields` is a JSON text. -#}
{% macro is_json_text(value) -%}
    {{ return(adapter.dispatch("is_json_text", "throughline")(value)) }}
{%- endmacro %}

{% macro default__is_json_text(value) -%}
    (cast({{ value }} as varchar) like '"%')
{%- endmacro %}

{% macro spark__is_json_text(value) -%}
    (schema_of_variant({{ value }}) = 'STRING')
{%- endmacro %}
