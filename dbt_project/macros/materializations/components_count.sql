{#- The number that a counting query returns, once all that waits in `work` is done. -#}
{% macro components_count(work, sql) %}
    {{ return(run_query(components_waiting(work) ~ sql).columns[0].values()[0] | int) }}
{% endmacro %}

{#- What waits in `work`, to be done before what follows it. -#}
{% macro components_waiting(work) %}
    {%- set statements = work.waiting -%}
    {%- set work.waiting = [] -%}
    {{ return((statements + [""]) | join(";\n")) }}
{% endmacro %}
