{#-
    Incremental strategy `by_load`: the rows of new loads are added. A load of which messages went, because an earlier
    text of them came, is a new one, and its rows are replaced. Rows without a load (`load_id` is null) are of records
    that may change after they came, and are replaced each time. The model selects all these with `of_new_loads`.
-#}
{% macro get_incremental_by_load_sql(arg_dict) -%}
    {{ replaced_rows(arg_dict, "load_id is null or load_id not in (" ~ kept_loads() ~ ")") }}
{%- endmacro %}
