{#- One text of 32 characters that stands for several values in order; null and empty text differ. -#}
{% macro hash_text(values) -%}
    md5(
        {%- for value in values %}
        coalesce('=' || cast({{ value }} as {{ dbt.type_string() }}), '-'){{ " || chr(31) ||" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{#- Returns a 64-bit hash of several values in order, nulls included. -#}
{% macro value_hash(values) -%}
    {{ return(adapter.dispatch('value_hash')(values)) }}
{%- endmacro %}

{% macro default__value_hash(values) -%}
    xxhash64({{ values | join(', ') }})
{%- endmacro %}

{% macro duckdb__value_hash(values) -%}
    hash({{ values | join(', ') }})
{%- endmacro %}

{#-
    In a test of `model`: returns whether another row may have the same values of `columns`. It is true for all repeated rows
    and for very few others, so only few rows are grouped by the values themselves. Grouping ten million long keys takes three
    times as long as grouping numbers.
-#}
{% macro may_be_repeated(model, columns) -%}
    {{ value_hash(columns) }} in (
        select {{ value_hash(columns) }} from {{ model }}
        group by {{ value_hash(columns) }}
        having count(*) > 1
    )
{%- endmacro %}
