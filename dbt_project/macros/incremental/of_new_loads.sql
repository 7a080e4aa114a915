{#-
    In a model with the strategy `by_load`: of the rows of a relation, those of loads that are not kept as they are, and
    those without a load; all rows where the model is built in full. Not `not in` the kept ones: DuckDB would read all
    columns of all rows for it.
-#}
{% macro of_new_loads(rows, load_id="load_id") -%}
    {#- While it parses the project, dbt must see that the model comes after `stg_segment__loads`. -#}
    {%- set loads = ref("stg_segment__loads") if is_incremental() or not execute -%}
    {%- if is_incremental() -%}
        (
            select came.* from {{ rows }} as came
            where
                came.{{ load_id }} is null
                or came.{{ load_id }} in (
                    select told.load_id from {{ loads }} as told
                    where told.load_id not in ({{ kept_loads() }})
                )
        )
    {%- else -%}
        {{ rows }}
    {%- endif -%}
{%- endmacro %}
