{#-
    A select with one row per element of a JSON array: the columns of `keep`, `element_number` from 1, and `element`, a
    struct of `fields` as in json_fields (text where `fields` is none). What is no array gives no rows.
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
