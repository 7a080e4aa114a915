{#- Creates the next working table of a `connected_components` model and remembers it in `work`, to be dropped at the end. -#}
{% macro components_work_table(work, name, sql) %}
    {%- set relation = api.Relation.create(
        database=this.database, schema=this.schema, type="table",
        identifier=this.identifier ~ "__" ~ name ~ "_" ~ (work | length)
    ) -%}
    {% do adapter.drop_relation(relation) %}
    {% do run_query(create_table_as(False, relation, sql)) %}
    {% do work.append(relation) %}
    {{ return(relation) }}
{% endmacro %}
