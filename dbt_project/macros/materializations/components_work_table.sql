{#-
    Creates the next working table of a `connected_components` model and remembers it in `work.tables`, to be dropped at
    the end. On DuckDB the statement waits in `work.waiting` for the next one that counts: dbt needs more time for a
    statement than DuckDB does.
-#}
{% macro components_work_table(work, name, sql) %}
    {%- set identifier = this.identifier ~ "__" ~ name ~ "_" ~ (work.tables | length) -%}
    {%- set relation = adapter.dispatch("components_create_work_table")(work, identifier, sql) -%}
    {% do work.tables.append(relation) %}
    {{ return(relation) }}
{% endmacro %}

{% macro default__components_create_work_table(work, identifier, sql) %}
    {%- set relation = api.Relation.create(
        database=this.database, schema=this.schema, identifier=identifier, type="table"
    ) -%}
    {% do run_query("drop table if exists " ~ relation) %}
    {% do run_query(create_table_as(False, relation, sql)) %}
    {{ return(relation) }}
{% endmacro %}

{#- A temporary table, which is not written to the file. Elsewhere (Spark) a temporary table is a view: it would be worked
    out again by each round that reads it. -#}
{% macro duckdb__components_create_work_table(work, identifier, sql) %}
    {%- set relation = api.Relation.create(identifier=identifier, type="table") -%}
    {% do work.waiting.append("create or replace temporary table " ~ relation ~ " as " ~ sql) %}
    {{ return(relation) }}
{% endmacro %}

{% macro default__components_drop_work_tables(work) %}
    {% for relation in work.tables -%} {% do run_query("drop table if exists " ~ relation) %} {%- endfor %}
{% endmacro %}

{% macro duckdb__components_drop_work_tables(work) %}
    {%- set statements = [] -%}
    {% for relation in work.tables -%} {% do statements.append("drop table if exists " ~ relation) %} {%- endfor %}
    {% if statements %} {% do run_query(statements | join(";\n")) %} {% endif %}
{% endmacro %}
