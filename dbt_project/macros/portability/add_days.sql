{#- A timestamp moved by a whole number of days, which may be an expression and may be negative. -#}
{% macro add_days(timestamp, days) -%}
    {{ return(adapter.dispatch("add_days", "throughline")(timestamp, days)) }}
{%- endmacro %}

{% macro default__add_days(timestamp, days) -%}
    ({{ timestamp }} + to_days({{ days }}))
{%- endmacro %}

{% macro spark__add_days(timestamp, days) -%}
    timestampadd(day, {{ days }}, {{ timestamp }})
{%- endmacro %}
