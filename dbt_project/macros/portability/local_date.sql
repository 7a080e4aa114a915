{#- The calendar date in `timezone` at an instant in UTC. -#}
{% macro local_date(utc_timestamp, timezone) -%}
    cast({{ local_timestamp(utc_timestamp, timezone) }} as date)
{%- endmacro %}
