{#- The type of an amount of money: four decimals, as tills and exchange rates need. -#}
{% macro type_money() -%}
    decimal(18, 4)
{%- endmacro %}
