{#- Names of all models with the strategy `by_customer`. -#}
{% macro models_by_customer() -%}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values() if node.config.get("incremental_strategy") == "by_customer" -%}
        {%- do names.append(node.name) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
