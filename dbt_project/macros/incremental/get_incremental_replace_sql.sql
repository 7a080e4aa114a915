{#- Incremental strategy `replace`: all rows are new ones. For a model that reads what it held before. -#}
{% macro get_incremental_replace_sql(arg_dict) -%}
    {{ replaced_rows(arg_dict, "true") }}
{%- endmacro %}
