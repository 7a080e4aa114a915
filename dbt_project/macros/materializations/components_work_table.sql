{#- Creates the next working table of a `connected_components` model and remembers it in `work`, to be dropped at the end. -#}
{% macro components_work_table(work, name, sql) %}
    {%- set relation = adapter.dispatch("components_work_relation")(this.identifier ~ "__" ~ name ~ "_" ~ (work | length)) -%}
    {% do run_query("drop table if exists " ~ relation) %}
    {% do run_query(create_table_as(relation.schema is none, relation, sql)) %}
    {% do work.append(relation) %}
    {{ return(relation) }}
{% endmacro %}

{% macro default__components_work_relation(identifier) %}
    {{ return(api.Relation.create(database=this.database, schema=this.schema, identifier=identifier, type="table")) }}
{% endmacro %}

{#- A temporary table, which is not written to the file. Elsewhere (Spark) a temporary table is a view: it would be worked
    out again by each round that reads it. -#}
{% macro duckdb__components_work_relation(identifier) %}
    {{ return(api.Relation.create(identifier=identifier, type="table")) }}
{% endmacro %}
