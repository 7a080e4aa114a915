{#-
    Takes the place of dbt's macro of this name. A model that rebuilds only what changed keeps all its other rows, so
    it is built in full unless this very project built the warehouse, to the end: other models, seeds or settings make
    other rows (`forget_what_another_project_built`).
-#}
{% macro should_full_refresh() -%}
    {%- set told = config.get("full_refresh") -%}
    {%- if told is not none -%} {{ return(told) }} {%- endif -%}
    {%- if flags.FULL_REFRESH -%} {{ return(true) }} {%- endif -%}
    {%- if not keeps_rows(config) -%} {{ return(false) }} {%- endif -%}
    {#- A value that is there is never looked at again, so what a run of some models made of it is made anew. -#}
    {%- set may_be_wrong = config.get("incremental_strategy") == "by_value" and is_whole_run() and was_built_apart() -%}
    {{ return(last_build() is none or may_be_wrong) }}
{%- endmacro %}
