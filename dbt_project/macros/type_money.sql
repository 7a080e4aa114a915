{#-
    The type of an amount of money, and of what is counted in pieces: four decimals, as tills and exchange rates need, and room
    for sums and products of whatever amounts come in (`parse_number`), so that no record can stop a build.
-#}
{% macro type_money() -%}
    decimal(28, 4)
{%- endmacro %}
