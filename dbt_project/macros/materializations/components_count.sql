{#- The number that a counting query returns, once all that waits in `work` is done. -#}
{% macro components_count(work, sql) %}
    {{ return(run_query(components_waiting(work) ~ sql).columns[0].values()[0] | int) }}
{% endmacro %}
