{#-
    The relation `int_records__loads` as the last run left it, or none. Not by `ref`: what reads it comes before it.
-#}
{% macro held_loads() -%}
    {%- if not execute -%} {{ return(none) }} {%- endif -%}
    {%- set told = graph.nodes["model." ~ project_name ~ ".int_records__loads"] -%}
    {{ return(adapter.get_relation(told.database, told.schema, told.alias)) }}
{%- endmacro %}
