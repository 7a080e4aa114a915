{#- Exact days of 24 hours from one timestamp to another, with fractions. -#}
{% macro days_between(start_at, end_at) -%}
    ({{ seconds_between(start_at, end_at) }} / 86400)
{%- endmacro %}
