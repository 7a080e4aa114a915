{#- Two statements: the target's rows that `condition` names go, and what the model selected comes. -#}
{% macro replaced_rows(arg_dict, condition) -%}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="quoted") | join(", ") -%}
    {{ weigh_change(arg_dict, condition) }}
    delete from {{ arg_dict["target_relation"] }} where {{ condition }};
    insert into {{ arg_dict["target_relation"] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict["temp_relation"] }}
{%- endmacro %}
