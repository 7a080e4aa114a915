{#- The instant in UTC at which the clocks of `timezone` show a local timestamp. -#}
{% macro utc_timestamp(local_timestamp, timezone) -%}
    {{ return(adapter.dispatch("utc_timestamp", "throughline")(local_timestamp, timezone)) }}
{%- endmacro %}

{% macro default__utc_timestamp(local_timestamp, timezone) -%}
    ({{ local_timestamp }} at time zone {{ timezone }}) at time zone 'UTC'
{%- endmacro %}

{% macro spark__utc_timestamp(local_timestamp, timezone) -%}
    to_utc_timestamp({{ local_timestamp }}, {{ timezone }})
{%- endmacro %}
