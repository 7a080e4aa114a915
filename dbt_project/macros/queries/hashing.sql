{#- One text of 32 characters that stands for several values in order; null and empty text differ. -#}
{% macro hash_text(values) -%}
    md5(
        {%- for value in values %}
        coalesce('=' || cast({{ value }} as {{ dbt.type_string() }}), '-'){{ " || chr(31) ||" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

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

{#-
    In a test of `model`: whether another row may have the same values of `columns`. It is true of all that are repeated, and
    hardly of others, so only few rows are left to be grouped by the values themselves: of ten million long keys that takes
    three times as long as of numbers.
-#}
{% macro may_be_repeated(model, columns) -%}
    {{ value_hash(columns) }} in (
        select {{ value_hash(columns) }} from {{ model }}
        group by {{ value_hash(columns) }}
        having count(*) > 1
    )
{%- endmacro %}
