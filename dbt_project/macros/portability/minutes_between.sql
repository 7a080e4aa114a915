{#- Exact minutes from one timestamp to another, with fractions. -#}
{% macro minutes_between(start_at, end_at) -%}
    ({{ seconds_between(start_at, end_at) }} / 60)
{%- endmacro %}
