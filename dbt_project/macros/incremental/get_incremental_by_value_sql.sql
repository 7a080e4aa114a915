{#-
    Incremental strategy `by_value`, for what follows from an identifier's text alone: values that are new are added with
    `new_values`, and those that no record carries any more go.
-#}
{% macro get_incremental_by_value_sql(arg_dict) -%}
    {%- set had = arg_dict["target_relation"].identifier -%}
    {{ replaced_rows(
        arg_dict,
        "not exists (select 1 from " ~ ref("int_identity__observed") ~ " as observed where observed.identifier_type = "
        ~ had ~ ".identifier_type and observed.raw_value = " ~ had ~ ".raw_value and observed.phone_country = "
        ~ had ~ ".phone_country)"
    ) }}
{%- endmacro %}
