{#-
    Returns the part of `order_discount` for the lines of an order up to a running total, rounded to cents. The full
    `lines_total` gets the full discount, so the differences between lines add up to it.
-#}
{% macro share_of_discount(total_so_far) -%}
    case
        when {{ total_so_far }} = lines_total then order_discount
        else cast(
            {{ rounded(
                "cast(order_discount as double) * cast(" ~ total_so_far ~ " as double) / cast(lines_total as double)", 2
            ) }} as {{ type_money() }}
        )
    end
{%- endmacro %}

{#- Returns a text such as "ended on 2026-10-10". -#}
{% macro ended_on(day) -%}
    {{ dbt.concat(["'ended on '", dbt.cast(day, dbt.type_string())]) }}
{%- endmacro %}
