{#- The key of one raw record across all sources: source, table and the record's own id. -#}
{% macro record_key(source_system, table, record_id) -%}
    {{ dbt.concat([source_system, "':'", table, "':'", record_id]) }}
{%- endmacro %}
