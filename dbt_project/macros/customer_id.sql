{#-
    The id of the customer that is named by an identifier node, `type:value`: with a secret (`int_identity__naming_key`), for
    whoever has a list of e-mail addresses, or tries all phone numbers, could else tell which id is whose.
-#}
{% macro customer_id(node, naming_key) -%}
    {{ dbt.concat(["'cus_'", dbt.hash(dbt.concat([naming_key, node]))]) }}
{%- endmacro %}
