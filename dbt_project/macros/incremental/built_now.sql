{#- What `int_changes__built` is to say of this run and its project, for the next run's `built_by`. -#}
{% macro built_now() -%}
    {%- if not execute -%} {{ return({}) }} {%- endif -%}
    {{ return({"digest": project_digest(), "told": told_digest(), "run": invocation_id}) }}
{%- endmacro %}
