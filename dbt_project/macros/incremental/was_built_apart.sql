{#-
    Whether a run of some models only was the last to build this one: what it read then may have been of another time, so what
    it remembers to be made from is nothing.
-#}
{% macro was_built_apart() -%}
    {%- set known = contents_table() if execute else none -%}
    {%- if known is none or adapter.get_relation(known.database, known.schema, known.identifier) is none -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set found = run_query("select made_from from " ~ known ~ " where name = '" ~ model.unique_id ~ "'") -%}
    {{ return(found.rows | length > 0 and not found.rows[0][0]) }}
{%- endmacro %}
