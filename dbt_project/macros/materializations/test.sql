{#-
    Materialization `test` on DuckDB: dbt's own, but a test that has passed is not run again on tables that hold what they held.
-#}
{% materialization test, adapter="duckdb" %}
    {%- set look = look_at_contents(sql) -%}
    {%- if look.is_same -%}
        {% call statement("main", fetch_result=True) -%}
            select 0 as failures, false as should_warn, false as should_error
        {%- endcall %}
        {{ return({"relations": []}) }}
    {%- endif -%}

    {%- set done = dbt.materialization_test_default() -%}
    {%- if look.made_from is not none and load_result("main")["table"].rows[0][0] | int == 0 -%}
        {% do run_query(remember_pass(look.made_from)) %}
        {{ adapter.commit() }}
    {%- endif -%}
    {{ return(done) }}
{% endmaterialization %}
