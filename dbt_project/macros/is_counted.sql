{#- Whether a touchpoint counts in figures: no machine made it, and it is external. -#}
{% macro is_counted(touchpoints=none) -%}
    not {{ touchpoints ~ "." if touchpoints }}is_bot
        and {{ is_external(touchpoints) }}
{%- endmacro %}

{#- Whether none of the company's own people and no test card made a touchpoint; true if `include_internal` is set. -#}
{% macro is_external(touchpoints=none) -%}
    {%- if var("include_internal") -%}
        true
    {%- else -%}
        not coalesce({{ touchpoints ~ "." if touchpoints }}is_internal, false)
    {%- endif -%}
{%- endmacro %}

{#- Whether a customer, who may be unknown, is none of the company's own people; true if `include_internal` is set. -#}
{% macro is_external_customer(customer_id) -%}
    {%- if var("include_internal") -%}
        true
    {%- else -%}
        coalesce({{ customer_id }}, '') not in (
            select internal_customers.customer_id from {{ ref("int_customers__internal") }} as internal_customers
        )
    {%- endif -%}
{%- endmacro %}
