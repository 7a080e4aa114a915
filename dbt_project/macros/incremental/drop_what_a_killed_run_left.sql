{#-
    Before a run: drops what a killed run was building beside a table. DuckDB keeps a Python model's table from when it
    is made, and a model that is left as it is in the runs that follow never comes to drop it.
-#}
{% macro drop_what_a_killed_run_left() -%}
    {%- if execute -%} {{ return(adapter.dispatch("drop_what_a_killed_run_left")()) }} {%- endif -%}
{%- endmacro %}

{% macro default__drop_what_a_killed_run_left() -%} {%- endmacro %}

{% macro duckdb__drop_what_a_killed_run_left() -%}
    {%- set left = run_query(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ~ " and not temporary and ends_with(table_name, '__dbt_tmp')"
    ) -%}
    {%- for schema, name in left.rows -%}
        {%- do adapter.drop_relation(api.Relation.create(database=target.database, schema=schema, identifier=name, type="table")) -%}
    {%- endfor -%}
{%- endmacro %}
