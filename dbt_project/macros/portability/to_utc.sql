{#- An instant with a zone (or text with an offset) as a timestamp in UTC without one. Sessions run in UTC. -#}
{% macro to_utc(instant) -%}
    {{ return(adapter.dispatch("to_utc", "throughline")(instant)) }}
{%- endmacro %}

{% macro default__to_utc(instant) -%}
    cast({{ instant }} as timestamptz) at time zone 'UTC'
{%- endmacro %}

{% macro spark__to_utc(instant) -%}
    cast({{ instant }} as timestamp)
{%- endmacro %}
