{#-
    In a model with the strategy `by_customer`: of the rows of a relation with a `customer_id`, those of this run's dirty
    customers; all rows where the model is built in full.
-#}
{% macro of_dirty_customers(rows) -%}
    {#- While it parses the project, dbt must see that the model comes after `int_dirty_customers`. -#}
    {%- set condition = is_dirty_customer("kept.customer_id") if is_incremental() or not execute -%}
    {%- if is_incremental() -%}
        (select kept.* from {{ rows }} as kept where {{ condition }})
    {%- else -%}
        {{ rows }}
    {%- endif -%}
{%- endmacro %}
