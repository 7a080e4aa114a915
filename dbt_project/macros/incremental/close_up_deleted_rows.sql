{#-
    Before a run: whether the places of deleted rows are closed up as the warehouse is put in order. In the first run of a
    day they are. In the others they are left: that is half of the work, and grows with the tables. The day stands in the
    table of contents, which `look_at_inputs` has made before.
-#}
{% macro close_up_deleted_rows() -%}
    {%- if execute -%} {{ return(adapter.dispatch("close_up_deleted_rows")()) }} {%- endif -%}
{%- endmacro %}

{% macro default__close_up_deleted_rows() -%} {%- endmacro %}

{% macro duckdb__close_up_deleted_rows() -%}
    {%- set known = contents_table() -%}
    {%- set day = "cast(" ~ dbt.date_trunc("day", run_at()) ~ " as varchar)" -%}
    {%- set is_done = run_query("select 1 from " ~ known ~ " where name = 'deleted rows' and contents = " ~ day).rows | length > 0 -%}
    {%- if is_done %}
    set global max_vacuum_tasks = 0;
    {%- else %}
    delete from {{ known }} where name = 'deleted rows';
    insert into {{ known }} values ('deleted rows', '', {{ day }});
    {%- endif %}
{%- endmacro %}
