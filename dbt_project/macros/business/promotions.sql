{#-
    The part of `order_discount` that the lines of an order bear up to a running total of theirs, in cents. The whole of
    `lines_total` bears all of it, so that the parts of all lines add up.
-#}
{% macro share_of_discount(total_so_far) -%}
    case
        when {{ total_so_far }} = lines_total then order_discount
        else cast(
            round(cast(order_discount as double) * cast({{ total_so_far }} as double) / cast(lines_total as double), 2)
            as {{ type_money() }}
        )
    end
{%- endmacro %}

{#- In words that a promotion ended on a day. -#}
{% macro ended_on(day) -%}
    {{ dbt.concat(["'ended on '", dbt.cast(day, dbt.type_string())]) }}
{%- endmacro %}
