{#-
    A digest of what dbt cannot see of its own project, macros and dbt_project.yml, told by whoever runs dbt through the
    environment (`PROJECT_DIGEST`); else the one that the last build was told.
-#}
{% macro told_digest() -%}
    {{ return(env_var("PROJECT_DIGEST", "") or built_by("told")) }}
{%- endmacro %}
