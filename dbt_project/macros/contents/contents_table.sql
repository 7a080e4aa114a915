{#-
    The table `int_changes__contents`, beside the fingerprints: what each table holds, as a number, and what it was made
    from. No model: each materialization writes its own row, in the transaction that writes its table.
-#}
{% macro contents_table() -%}
    {%- set beside = graph.nodes["model." ~ project_name ~ ".int_changes__fingerprints"] -%}
    {{ return(api.Relation.create(database=beside.database, schema=beside.schema, identifier="int_changes__contents", type="table")) }}
{%- endmacro %}
