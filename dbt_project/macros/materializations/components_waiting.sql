{#- What waits in `work`, to be done before what follows it. -#}
{% macro components_waiting(work) %}
    {%- set statements = work.waiting -%}
    {%- set work.waiting = [] -%}
    {{ return((statements + [""]) | join(";\n")) }}
{% endmacro %}
