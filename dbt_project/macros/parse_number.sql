{#-
    A plain number, with a point for its decimals, as an amount; null, not an error, where it is none, has more than 14 digits
    before the point, or is so near 0 that the type would hold it as 0.
-#}
{% macro parse_number(value) -%}
    case
        when {{ try_cast(value, "decimal(18, 4)") }} <> 0 or {{ try_cast(value, "double") }} = 0
            then cast({{ try_cast(value, "decimal(18, 4)") }} as {{ type_money() }})
    end
{%- endmacro %}

{#- A sum or product of amounts as an amount; null, not an error, where it has more than 14 digits before the point. -#}
{% macro to_money(value) -%}
    cast({{ try_cast(value, "decimal(18, 4)") }} as {{ type_money() }})
{%- endmacro %}
