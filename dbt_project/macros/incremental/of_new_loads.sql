{#-
    In a model with the strategy `by_load`: of the rows of a relation with a `load_id`, those of loads that the model has
    no rows of, and those without a load; all rows where the model is built in full.
-#}
{% macro of_new_loads(rows) -%}
    {%- if is_incremental() -%}
        (
            select came.* from {{ rows }} as came
            where
                came.load_id is null
                or came.load_id not in (select had.load_id from {{ this }} as had where had.load_id is not null)
        )
    {%- else -%}
        {{ rows }}
    {%- endif -%}
{%- endmacro %}
