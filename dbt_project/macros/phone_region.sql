{#- The country that phone numbers of a source belong to if they name none, as a text literal; null if the source has no setting. -#}
{% macro phone_region(source) -%}
    nullif('{{ env_var(source | upper ~ "_PHONE_REGION", "") }}', '')
{%- endmacro %}

{#- The sources that have such a setting. -#}
{% macro phone_sources() -%}
    {{ return(["web", "app", "marketing", "store", "support"]) }}
{%- endmacro %}
