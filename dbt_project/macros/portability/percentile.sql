{#- The value below which a fraction of a group lies, interpolated: 0.5 is the median. -#}
{% macro percentile(value, fraction) -%}
    {{ return(adapter.dispatch("percentile", "throughline")(value, fraction)) }}
{%- endmacro %}

{% macro default__percentile(value, fraction) -%}
    quantile_cont({{ value }}, {{ fraction }})
{%- endmacro %}

{% macro spark__percentile(value, fraction) -%}
    percentile({{ value }}, {{ fraction }})
{%- endmacro %}
