{#- `not_materialized` where the model is built in full: the rows of a few customers are best picked out once. -#}
{% macro not_materialized_in_full() -%}
    {%- if not is_incremental() -%} {{ not_materialized() }} {%- endif -%}
{%- endmacro %}
