{#- The wall clock of `timezone` (a name that `timezones` knows) at an instant in UTC. -#}
{% macro local_timestamp(utc_timestamp, timezone) -%}
    {{ return(adapter.dispatch("local_timestamp", "throughline")(utc_timestamp, timezone)) }}
{%- endmacro %}

{% macro default__local_timestamp(utc_timestamp, timezone) -%}
    ({{ utc_timestamp }} at time zone 'UTC') at time zone {{ timezone }}
{%- endmacro %}

{% macro spark__local_timestamp(utc_timestamp, timezone) -%}
    from_utc_timestamp({{ utc_timestamp }}, {{ timezone }})
{%- endmacro %}
