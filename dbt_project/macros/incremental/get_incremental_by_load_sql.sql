{#-
    Incremental strategy `by_load`: the rows of new loads are added. Rows without a load (`load_id` is null) are of
    records that may change after they came, and are replaced each time. The model selects both with `of_new_loads`.
-#}
{% macro get_incremental_by_load_sql(arg_dict) -%}
    {{ replaced_rows(arg_dict, "load_id is null") }}
{%- endmacro %}
