{#- Whether a model with this configuration keeps the rows that a run did not make anew. -#}
{% macro keeps_rows(config) -%}
    {{ return(config.get("incremental_strategy") in ["by_customer", "by_load", "by_value", "replace"]) }}
{%- endmacro %}
