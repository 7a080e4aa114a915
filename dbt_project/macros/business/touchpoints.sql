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
            select internal_customers.customer_id from {{ ref("int_identity__internal_customers") }} as internal_customers
        )
    {%- endif -%}
{%- endmacro %}

{#- Type of a touchpoint, with the clicks that are found to be rage or dead clicks named so. Reads `touchpoints`,
    `rage_clicks` and `dead_clicks`, the latter two left-joined by touchpoint. -#}
{% macro touchpoint_type_with_clicks() -%}
    case
        when rage_clicks.touchpoint_id is not null then 'rage_clicked'
        when dead_clicks.touchpoint_id is not null then 'dead_clicked'
        else touchpoints.touchpoint_type
    end
{%- endmacro %}

{#- Names of the attribution models, in the order in which marts list them. -#}
{% macro attribution_models() -%}
    {{ return(['first_touch', 'last_touch', 'last_non_direct', 'linear', 'position_based', 'time_decay', 'markov', 'shapley']) }}
{%- endmacro %}
