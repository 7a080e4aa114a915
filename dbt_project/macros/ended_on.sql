{#- In words that a promotion ended on a day. -#}
{% macro ended_on(day) -%}
    {{ dbt.concat(["'ended on '", dbt.cast(day, dbt.type_string())]) }}
{%- endmacro %}
