{#- Whether a customer, or nobody where it is empty, is one whom this run makes anew. -#}
{% macro is_dirty_customer(customer_id) -%}
    coalesce({{ customer_id }}, '') in (select dirty.customer_id from {{ ref("int_dirty_customers") }} as dirty)
{%- endmacro %}
