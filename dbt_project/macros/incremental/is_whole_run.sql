{#- Whether this run of dbt builds every model that comes before kept rows: only then do they hold what they would in full. -#}
{% macro is_whole_run() -%}
    {%- for name in models_that_matter_to_kept_rows() if execute and name.startswith("model.") -%}
        {%- if name not in selected_resources -%} {{ return(false) }} {%- endif -%}
    {%- endfor -%}
    {{ return(true) }}
{%- endmacro %}
