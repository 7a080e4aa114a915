{#- Materialization `seed` on DuckDB: dbt's own, and what the seed holds then is remembered. -#}
{% materialization seed, adapter="duckdb" %}
    {%- set done = dbt.materialization_seed_default() -%}
    {% do run_query(remember_contents(this, "")) %}
    {{ adapter.commit() }}
    {{ return(done) }}
{% endmaterialization %}
