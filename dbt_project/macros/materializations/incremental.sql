{#-
    Materialization `incremental` on DuckDB: what the model selects, what its strategy deletes and inserts, and the end of
    the temporary table are one call, and a full build takes the place of the old table as that of a `table` does.
    dbt-duckdb's own compares columns and renames tables in a dozen calls more: half of what dbt needs for a small model.
    Columns are compared only where no full refresh may put right what differs. Indexes, grants and foreign keys are not
    used here. A table that would hold what it holds is not built.
-#}
{% materialization incremental, adapter="duckdb", supported_languages=["sql", "python"] %}
    {%- set language = model["language"] -%}
    {%- set target_relation = this.incorporate(type="table") -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set is_full = existing_relation is none or not existing_relation.is_table or should_full_refresh() -%}
    {%- set new_rows = make_temp_relation(target_relation) -%}

    {%- set strategy = config.get("incremental_strategy") or "default" -%}
    {%- set look = look_at_contents(model.raw_code) -%}
    {%- if look.is_same and not is_full and strategy != "replace" -%}
        {{ return(left_as_it_is(target_relation)) }}
    {%- endif -%}

    {#- What others of the project hold is of another time where they are not built too: the next whole run looks again. -#}
    {%- if keeps_rows(config) and not is_whole_run() -%} {%- do look.update({"made_from": ""}) -%} {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if existing_relation is not none and not existing_relation.is_table -%}
        {{ adapter.drop_relation(existing_relation) }}
    {%- endif %}

    {% if is_full and language == "sql" %}
        {% call statement("main") -%}
            drop table if exists {{ target_relation }};
            {{ create_table_as(False, target_relation, compiled_code, language) }};
            {{ remember_contents(target_relation, look.made_from) }}
        {%- endcall %}
    {% elif is_full %}
        {% do run_query("drop table if exists " ~ target_relation) %}
        {% call statement("main", language=language) -%}
            {{ create_table_as(False, target_relation, compiled_code, language) }}
        {%- endcall %}
        {% do run_query(remember_contents(target_relation, look.made_from)) %}
    {% else %}
        {% if language != "sql" %}
            {% call statement("new_rows", language=language) -%}
                {{ create_table_as(True, new_rows, compiled_code, language) }}
            {%- endcall %}
        {% elif config.get("full_refresh") is not none %}
            {% do run_query(create_table_as(True, new_rows, compiled_code, language)) %}
            {% do process_schema_changes(config.get("on_schema_change"), new_rows, existing_relation) %}
        {% endif %}
        {%- set is_made = language != "sql" or config.get("full_refresh") is not none -%}
        {%- set replace_rows = adapter.get_incremental_strategy_macro(context, strategy) -%}
        {% call statement("main") -%}
            {% if not is_made %} {{ create_table_as(True, new_rows, compiled_code, language) }} {% endif %}
            {{ replace_rows({
                "target_relation": target_relation,
                "temp_relation": new_rows,
                "unique_key": config.get("unique_key"),
                "dest_columns": adapter.get_columns_in_relation(existing_relation),
                "incremental_predicates": none,
            }) }};
            {{ remember_contents(target_relation, look.made_from, is_changed=look.is_known and keeps_rows(config)) }};
            drop table {{ new_rows }};
        {%- endcall %}
    {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}
