{#-
    The table `int_changes__contents`, beside the fingerprints: what each table holds, as a number, and what it was made
    from; and marks of which project made them, and when deleted rows were closed up. No model: each materialization writes
    its own row, in the transaction that writes its table. None in a project that has no fingerprints: one that takes only
    macros from here.
-#}
{% macro contents_table() -%}
    {%- set beside = graph.nodes.get("model." ~ project_name ~ ".int_changes__fingerprints") -%}
    {%- if beside is none -%} {{ return(none) }} {%- endif -%}
    {{ return(api.Relation.create(database=beside.database, schema=beside.schema, identifier="int_changes__contents", type="table")) }}
{%- endmacro %}
