{#-
    A digest of what kept rows are made by: the models that keep rows and every model and seed before them, as they are
    written and configured, and the settings that dbt is given. Seeds that change from day to day (`meta.changes_often`)
    are left out: only models that are built in full each time read them.
-#}
{% macro project_digest() -%}
    {%- set settings = [reporting_currency(), env_var("DEFAULT_PHONE_REGION", ""), invocation_args_dict.get("vars", "")] -%}
    {%- set parts = settings | map("string") | list -%}
    {%- for source in phone_sources() -%} {%- do parts.append(source ~ phone_region(source)) -%} {%- endfor -%}
    {%- for name in models_that_matter_to_kept_rows() -%}
        {%- set node = graph.nodes[name] -%}
        {%- if not node.config.get("meta", {}).get("changes_often") -%}
            {%- do parts.append(name ~ node.checksum.checksum ~ tojson(node.config)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(local_md5(parts | sort | join("|"))) }}
{%- endmacro %}
