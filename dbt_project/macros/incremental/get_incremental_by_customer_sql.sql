{#-
    Incremental strategy `by_customer`: the rows of this run's dirty customers take the place of those that were there.
    The model selects them with `of_dirty_customers`. Rows without a customer are one customer more, nobody.
-#}
{% macro get_incremental_by_customer_sql(arg_dict) -%}
    {{ replaced_rows(arg_dict, is_dirty_customer("customer_id")) }}
{%- endmacro %}
