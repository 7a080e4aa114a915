{#-
    Takes the place of dbt's macro of this name. A model that rebuilds only what changed keeps all its other rows, so
    it is built in full unless this very project built the warehouse, to the end: other models, seeds or settings make
    other rows (`forget_what_another_project_built`).
-#}
{% macro should_full_refresh() -%}
    {%- set told = config.get("full_refresh") -%}
    {%- if told is not none -%} {{ return(told) }} {%- endif -%}
    {{ return(flags.FULL_REFRESH or (keeps_rows(config) and last_build() is none)) }}
{%- endmacro %}
