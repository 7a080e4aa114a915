{#- The number that a counting query returns. -#}
{% macro components_count(sql) %}
    {{ return(run_query(sql).columns[0].values()[0] | int) }}
{% endmacro %}
