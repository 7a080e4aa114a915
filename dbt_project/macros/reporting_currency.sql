{#- The currency that all amounts are converted to, as a text literal. -#}
{% macro reporting_currency() -%}
    '{{ env_var("REPORTING_CURRENCY", "USD") }}'
{%- endmacro %}
