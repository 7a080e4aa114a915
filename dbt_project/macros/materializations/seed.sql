{#-
    Materialization `seed` on DuckDB: dbt's own, and what the seed holds then is remembered. Where it is not what it held,
    what was built is forgotten, for the project's digest knows the file, and not what was loaded of it when.
    dbt loads a seed into the table that is there, which fails when a release gives the file other columns: then the table
    is dropped first.
-#}
{% materialization seed, adapter="duckdb" %}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none -%}
        {%- set columns = adapter.get_columns_in_relation(existing) | map(attribute="name") | list -%}
        {%- if columns != load_agate_table().column_names | list -%} {% do adapter.drop_relation(existing) %} {%- endif -%}
    {%- endif -%}
    {%- set known = contents_table() -%}
    {%- if known is none -%} {{ return(dbt.materialization_seed_default()) }} {%- endif -%}
    {%- set held = "select contents from " ~ known ~ " where name = '" ~ model.unique_id ~ "'" -%}
    {%- set before = run_query(held).columns[0].values() | first -%}
    {%- set done = dbt.materialization_seed_default() -%}
    {% do run_query(remember_contents(this, "")) %}
    {%- set is_other = before and run_query(held).columns[0].values() | first != before -%}
    {%- set built = last_build() -%}
    {%- if is_other and built is not none and not config.get("meta", {}).get("changes_often") -%}
        {% do adapter.drop_relation(built) %}
    {%- endif -%}
    {{ adapter.commit() }}
    {{ return(done) }}
{% endmaterialization %}
