{#-
    A digest of what rows are made by: every model and seed as it is written, and the settings that dbt is given. Seeds
    that change from day to day (`meta.changes_often`) are left out: only models that are built in full each time read them.
-#}
{% macro project_digest() -%}
    {%- set settings = [reporting_currency(), env_var("DEFAULT_PHONE_REGION", ""), invocation_args_dict.get("vars", "")] -%}
    {%- set parts = settings | map("string") | list -%}
    {%- for node in graph.nodes.values() if node.resource_type in ["model", "seed"] -%}
        {%- if not node.config.get("meta", {}).get("changes_often") -%}
            {%- do parts.append(node.unique_id ~ node.checksum.checksum) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(local_md5(parts | sort | join("|"))) }}
{%- endmacro %}
