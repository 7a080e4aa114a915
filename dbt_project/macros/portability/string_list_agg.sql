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
