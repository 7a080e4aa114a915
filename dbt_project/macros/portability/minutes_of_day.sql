{#- Minutes since midnight, with fractions, of a timestamp's wall clock. -#}
{% macro minutes_of_day(timestamp) -%}
    {{ minutes_between("cast(cast(" ~ timestamp ~ " as date) as timestamp)", timestamp) }}
{%- endmacro %}
