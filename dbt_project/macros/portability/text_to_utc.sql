{#- Text that may be an instant (ISO 8601) as a timestamp in UTC; null where it is none. -#}
{% macro text_to_utc(text) -%}
    {{ return(adapter.dispatch("text_to_utc", "throughline")(text)) }}
{%- endmacro %}

{% macro default__text_to_utc(text) -%}
    try_cast({{ text }} as timestamptz) at time zone 'UTC'
{%- endmacro %}

{% macro spark__text_to_utc(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}
