{#- Fails for each combination of `columns` that more than one row has. -#}
{% test unique_combination(model, columns) %}

    select {{ columns | join(', ') }}, count(*) as rows_found
    from {{ model }}
    where {{ may_be_repeated(model, columns) }}
    group by {{ columns | join(', ') }}
    having count(*) > 1

{% endtest %}
