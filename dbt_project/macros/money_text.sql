{#- An amount of money as text, with two decimals, or more where it has more: 24.99, 19.90, 0.125. -#}
{% macro money_text(amount) -%}
    {{ regexp_replace(dbt.cast("cast(" ~ amount ~ " as " ~ type_money() ~ ")", dbt.type_string()), "'0{1,2}$'", "''") }}
{%- endmacro %}
