{#-
    After `as` of a CTE that only names a large relation and is read more than once: `records as {{ not_materialized() }} (`.
    DuckDB would copy the relation into memory, or onto the disk, to read it twice from there; other engines do not.
-#}
{% macro not_materialized() -%}
    {{ return(adapter.dispatch('not_materialized')()) }}
{%- endmacro %}

{% macro default__not_materialized() -%}{%- endmacro %}

{% macro duckdb__not_materialized() -%}not materialized{%- endmacro %}
