{#- Before rows are replaced: remembers the weight of those that go and of those that come, as variables. -#}
{% macro weigh_change(arg_dict, condition) -%}
    {{ return(adapter.dispatch("weigh_change")(arg_dict, condition)) }}
{%- endmacro %}

{% macro default__weigh_change(arg_dict, condition) -%} {%- endmacro %}

{% macro duckdb__weigh_change(arg_dict, condition) -%}
    {%- set target = arg_dict["target_relation"] -%}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="quoted") | join(", ") -%}
    set variable gone = (select {{ weight(target.identifier) }} from {{ target }} where {{ condition }});
    set variable come = (
        select {{ weight(target.identifier) }} from (select {{ columns }} from {{ arg_dict["temp_relation"] }}) as {{ target.identifier }}
    );
{%- endmacro %}

{#- Of all rows of a relation one number, whatever their order, that differs where the rows do. Weights can be added. -#}
{% macro weight(rows) -%}
    coalesce(sum(cast(hash({{ rows }}) as hugeint)), 0)
{%- endmacro %}
