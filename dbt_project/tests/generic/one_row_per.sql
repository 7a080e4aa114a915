{#- Fails for each combination of `columns`, the grain of the model, that has an empty part or more than one row. -#}
{% test one_row_per(model, columns) %}

    select
        {{ columns | join(', ') }},
        count(*) as rows_found
    from {{ model }}
    where {{ columns | join(' is null or ') }} is null or {{ may_be_repeated(model, columns) }}
    group by {{ columns | join(', ') }}
    having count(*) > 1 or {{ columns | join(' is null or ') }} is null

{% endtest %}
