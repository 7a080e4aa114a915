{#- A number of 64 bits of several values in order, empty ones too: the same for equal values, hardly ever for others. -#}
{% macro value_hash(values) -%}
    {{ return(adapter.dispatch('value_hash')(values)) }}
{%- endmacro %}

{% macro default__value_hash(values) -%}
    xxhash64({{ values | join(', ') }})
{%- endmacro %}

{% macro duckdb__value_hash(values) -%}
    hash({{ values | join(', ') }})
{%- endmacro %}
