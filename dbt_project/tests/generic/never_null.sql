{#- Fails for each of `columns` that is empty in any row: one query for all, where `not_null` would be one for each. -#}
{% test never_null(model, columns) %}

    with

    empty_rows as (

        select
            {%- for column in columns %}
            {{ count_where(column ~ ' is null') }} as {{ column }}{{ "," if not loop.last }}
            {%- endfor %}
        from {{ model }}

    ),

    empty_columns as (

        {%- for column in columns %}
        select '{{ column }}' as column_name, {{ column }} as rows_found from empty_rows
        where {{ column }} > 0
        {{ "union all" if not loop.last }}
        {%- endfor %}

    )

    select * from empty_columns

{% endtest %}
