{#- A timestamp moved by a whole number of seconds, which may be an expression and may be negative. -#}
{% macro add_seconds(timestamp, seconds) -%}
    {{ return(adapter.dispatch("add_seconds", "throughline")(timestamp, seconds)) }}
{%- endmacro %}

{% macro default__add_seconds(timestamp, seconds) -%}
    ({{ timestamp }} + to_seconds({{ seconds }}))
{%- endmacro %}

{% macro spark__add_seconds(timestamp, seconds) -%}
    timestampadd(second, {{ seconds }}, {{ timestamp }})
{%- endmacro %}
