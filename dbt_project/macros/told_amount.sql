{#- An amount as a record tells it; null, not an error, where it is no number, or has more than 14 digits before the point. -#}
{% macro told_amount(value) -%}
    cast({{ try_cast(value, "decimal(18, 4)") }} as {{ type_money() }})
{%- endmacro %}

{#- A number of pieces as a message tells it; null where it is no number, or a billion and more. -#}
{% macro told_quantity(value) -%}
    cast({{ try_cast(value, "decimal(13, 4)") }} as {{ type_money() }})
{%- endmacro %}
