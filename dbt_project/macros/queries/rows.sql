{#-
    Written after `as` of a CTE that only selects from a large relation and is read more than once: `records as {{
    not_materialized() }} (`. Without it DuckDB copies the relation into memory or spills it to disk; other engines do not.
-#}
{% macro not_materialized() -%}
    {{ return(adapter.dispatch('not_materialized')()) }}
{%- endmacro %}

{% macro default__not_materialized() -%}{%- endmacro %}

{% macro duckdb__not_materialized() -%}not materialized{%- endmacro %}

{#- The texts of a group joined into one, in the order of `order_by` (one expression, not null). -#}
{% macro string_list_agg(text, order_by, separator="', '") -%}
    {{ return(adapter.dispatch("string_list_agg", "throughline")(text, order_by, separator)) }}
{%- endmacro %}

{% macro default__string_list_agg(text, order_by, separator="', '") -%}
    string_agg({{ text }}, {{ separator }} order by {{ order_by }})
{%- endmacro %}

{% macro spark__string_list_agg(text, order_by, separator="', '") -%}
    array_join(transform(array_sort(collect_list(struct({{ order_by }} as sort_key, {{ text }} as text))), x -> x.text), {{ separator }})
{%- endmacro %}

{#- The last value that is not null among the rows of a partition up to this one, in the given order. -#}
{% macro last_known(expression, partition_by, order_by) -%}
    {{ return(adapter.dispatch("last_known")(expression, partition_by, order_by)) }}
{%- endmacro %}

{% macro default__last_known(expression, partition_by, order_by) -%}
    last_value({{ expression }} ignore nulls) over (
        partition by {{ partition_by }}
        order by {{ order_by }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}

{% macro spark__last_known(expression, partition_by, order_by) -%}
    last_value({{ expression }}, true) over (
        partition by {{ partition_by }}
        order by {{ order_by }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}

{#-
    One select per column of a wide relation, unioned: each row of the relation gives a row per column that is not null.
    `columns` maps what the row is called to the expression that holds its value; `keep` are columns carried along.
-#}
{% macro unpivot_columns(relation, columns, name_column, value_column, keep) -%}
    {%- for name, expression in columns.items() %}
    select
        {%- for column in keep %}
        {{ column }},
        {%- endfor %}
        '{{ name }}' as {{ name_column }},
        cast({{ expression }} as {{ dbt.type_string() }}) as {{ value_column }}
    from {{ relation }}
    where {{ expression }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#- The incremental strategy that replaces rows of the same key; on Spark the key must also be the partition. -#}
{% macro replacing_strategy() -%}
    {{ return(adapter.dispatch("replacing_strategy", "throughline")()) }}
{%- endmacro %}

{% macro default__replacing_strategy() -%}
    {{ return("delete+insert") }}
{%- endmacro %}

{% macro spark__replacing_strategy() -%}
    {{ return("insert_overwrite") }}
{%- endmacro %}
