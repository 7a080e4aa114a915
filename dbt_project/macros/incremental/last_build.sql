{#-
    The relation `int_changes__built` as the last build that came to its end left it, or none. Not by `ref`: what reads
    it comes before it.
-#}
{% macro last_build() -%}
    {%- if not execute -%} {{ return(none) }} {%- endif -%}
    {%- set told = graph.nodes["model." ~ project_name ~ ".int_changes__built"] -%}
    {{ return(adapter.get_relation(told.database, told.schema, told.alias)) }}
{%- endmacro %}
