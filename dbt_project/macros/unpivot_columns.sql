{#-
    One select per column of a wide relation, unioned: each row of the relation gives a row per column that is not null.
    `columns` maps what the row is called to the expression that holds its value; `keep` are columns carried along.
-#}
{% macro unpivot_columns(relation, columns, name_column, value_column, keep) -%}
    {%- for name, expression in columns.items() %}
    select
        {%- for column in keep %}
        {{ column }},
        {%- endfor %}
        '{{ name }}' as {{ name_column }},
        cast({{ expression }} as {{ dbt.type_string() }}) as {{ value_column }}
    from {{ relation }}
    where {{ expression }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
