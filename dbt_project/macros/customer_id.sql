{#- The id of the customer that is named by an identifier node, `type:value`. -#}
{% macro customer_id(node) -%}
    {{ dbt.concat(["'cus_'", dbt.hash(node)]) }}
{%- endmacro %}
