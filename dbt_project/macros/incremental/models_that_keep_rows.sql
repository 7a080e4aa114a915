{#- Names of all models that keep the rows that a run does not make anew. -#}
{% macro models_that_keep_rows() -%}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == "model" and keeps_rows(node.config) -%}
        {%- do names.append(node.name) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
