{#- Fails for each of `columns` that is empty in any row: one query for all, where `not_null` would be one for each. -#}
{% test never_null(model, columns) %}

    with

    empty_rows as (

        select {% for column in columns %}{{ ", " if not loop.first }}{{ count_where(column ~ ' is null') }} as {{ column }}{% endfor %}
        from {{ model }}

    ),

    findings as (

        {% for column in columns %}
        {{ "union all" if not loop.first }}
        select
            '{{ column }}' as column_name,
            {{ column }} as rows_found
        from empty_rows
        {% endfor %}

    )

    select * from findings
    where rows_found > 0

{% endtest %}
