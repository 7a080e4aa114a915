{#- Whether this run of dbt builds all of these models, not only some that somebody selected. -#}
{% macro are_all_in_this_run(models) -%}
    {%- for model in models if execute -%}
        {%- if "model." ~ project_name ~ "." ~ model not in selected_resources -%} {{ return(false) }} {%- endif -%}
    {%- endfor -%}
    {{ return(true) }}
{%- endmacro %}
