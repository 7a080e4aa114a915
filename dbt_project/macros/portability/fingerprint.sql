{#- A number that tells rows of a relation apart by all their columns; `rows` is the relation's name in the query. -#}
{% macro fingerprint(rows) -%}
    {{ return(adapter.dispatch('fingerprint')(rows)) }}
{%- endmacro %}

{% macro default__fingerprint(rows) -%}
    xxhash64({{ rows }}.*)
{%- endmacro %}

{% macro duckdb__fingerprint(rows) -%}
    {#- Hashed twice: in `bit_xor` of hashes of rows, two rows that exchange their last column's values come to the same. -#}
    hash(hash({{ rows }}))
{%- endmacro %}
