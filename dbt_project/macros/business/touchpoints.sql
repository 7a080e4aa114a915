{#- Returns whether a touchpoint counts in figures: it is external and not from a bot. -#}
{% macro is_counted(touchpoints=none) -%}
    not {{ touchpoints ~ "." if touchpoints }}is_bot
        and {{ is_external(touchpoints) }}
{%- endmacro %}

{#-
    Returns whether a touchpoint is not from the company's own people or a test card; always true if `include_internal` is set.
-#}
{% macro is_external(touchpoints=none) -%}
    {%- if var("include_internal") -%}
        true
    {%- else -%}
        not coalesce({{ touchpoints ~ "." if touchpoints }}is_internal, false)
    {%- endif -%}
{%- endmacro %}

{#-
    Returns whether a customer, who may be null, is not one of the company's own people; always true if `include_internal` is
    set.
-#}
{% macro is_external_customer(customer_id) -%}
    {%- if var("include_internal") -%}
        true
    {%- else -%}
        coalesce({{ customer_id }}, '') not in (
            select internal_customers.customer_id from {{ ref("int_identity__internal_customers") }} as internal_customers
        )
    {%- endif -%}
{%- endmacro %}

{#-
    Returns the type of a touchpoint; rage and dead clicks have types of their own. Reads `touchpoints`, `rage_clicks` and
    `dead_clicks`, the latter two left-joined by touchpoint.
-#}
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
