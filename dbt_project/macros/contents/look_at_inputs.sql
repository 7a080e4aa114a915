{#-
    Before a run: what each raw table holds, and each seed's. Of a feed of messages the loads are looked at, and how many
    messages each has, as the models by load do (`config.meta.known_by_load`); of the others all rows. What another project
    remembered is forgotten.
-#}
{% macro look_at_inputs() -%}
    {%- if execute -%} {{ return(adapter.dispatch("look_at_inputs")()) }} {%- endif -%}
{%- endmacro %}

{% macro default__look_at_inputs() -%} {%- endmacro %}

{% macro duckdb__look_at_inputs() -%}
    {%- set known = contents_table() -%}
    {%- set digest = project_digest() -%}
    {%- set told = told_digest() -%}
    {#- Not by `adapter.get_relation`: for a schema that dbt has not looked at yet it begins a transaction, and nothing ends it. -#}
    {%- set there = run_query("select schema_name || '.' || table_name from duckdb_tables()").columns[0].values() -%}
    {%- set inputs = graph.sources.values() | list + graph.nodes.values() | selectattr("resource_type", "equalto", "seed") | list -%}
    create schema if not exists {{ known.without_identifier() }};
    create table if not exists {{ known }} (name varchar, made_from varchar, contents varchar);
    delete from {{ known }} where not exists (
        select 1 from {{ known }} where name = 'project' and made_from = '{{ digest }}' and contents = '{{ told }}'
    );
    delete from {{ known }} where name = 'project' or name like 'source.%' or name like 'seed.%';
    insert into {{ known }} values ('project', '{{ digest }}', '{{ told }}');
    {%- for table in inputs if table.schema ~ "." ~ (table.identifier or table.alias) in there %}
    insert into {{ known }}
    select '{{ table.unique_id }}', '', cast({{ weight("rows_of_it") }} as varchar)
    {%- if table.config.get("meta", {}).get("known_by_load") %}
    from (select _dlt_load_id, count(*) as messages from {{ table.relation_name }} group by _dlt_load_id) as rows_of_it;
    {%- else %}
    from {{ table.relation_name }} as rows_of_it;
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
