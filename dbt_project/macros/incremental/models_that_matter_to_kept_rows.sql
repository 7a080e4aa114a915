{#- Names, as dbt's graph has them, of the models that keep rows and of all models and seeds that come before one of them. -#}
{% macro models_that_matter_to_kept_rows() -%}
    {%- set names = [] -%}
    {%- for model in models_that_keep_rows() -%}
        {%- do names.append("model." ~ project_name ~ "." ~ model) -%}
    {%- endfor -%}
    {#- The list grows while it is gone through: a model's parents are looked at after it. -#}
    {%- for name in names -%}
        {%- for parent in graph.nodes[name].depends_on.nodes if parent in graph.nodes and parent not in names -%}
            {%- do names.append(parent) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
