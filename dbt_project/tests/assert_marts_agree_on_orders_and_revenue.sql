-- A failing row is a measure that a mart shows under a name, and of which the facts have another sum.
{%- set orders = ref('fct_orders') %}
{%- set returns = ref('fct_returns') %}
{%- set bookings = ref('fct_bookings') %}
{%- set applications = ref('fct_applications') %}
{%- set customers = ref('dim_customers') %}
{%- set customer_value = ref('mart_customer_value') %}
{%- set retention = ref('mart_retention') %}
{%- set performance = ref('mart_channel_performance') %}
{%- set conversions = ref('int_journeys__conversions') %}
{%- set known = "where customer_id is not null" %}
{%- set valued = "where customer_id in (select customer_id from " ~ customer_value ~ ")" %}
{%- set acquired = "where is_identified and acquisition_channel is not null" %}
{#- The measure, the mart, where the mart's rows are, and the facts: tables and expressions that add up. -#}
{%- set pairs = [
    ("orders", customers, [(orders, "case when is_cancelled then 0 else 1 end", known)]),
    ("gross_revenue", customers, [
        (orders, "gross_revenue_reporting", known),
        (bookings, "gross_revenue_reporting", known),
        (applications, "gross_revenue_reporting", known),
    ]),
    ("net_revenue", customers, [
        (orders, "net_revenue_reporting", known),
        (bookings, "net_revenue_reporting", known),
        (applications, "net_revenue_reporting", known),
        (returns, "exchange_revenue_reporting", known),
        (returns, "case when is_order_known then 0 else -returned_reporting end", known),
    ]),
    ("orders", customer_value, [(customers, "orders", valued)]),
    ("net_revenue", customer_value, [(customers, "net_revenue", valued)]),
    ("orders", retention, [(customers, "orders", acquired)]),
    ("net_revenue", retention, [(customers, "net_revenue", acquired)]),
    ("revenue", performance, [(conversions, "cast(revenue * exchange_rate as " ~ type_money() ~ ")", "")]),
    ("returned", performance, [(returns, "returned_reporting", "")]),
    ("cancelled", performance, [(returns, "cancelled_reporting", "")]),
    ("exchange_revenue", performance, [(returns, "exchange_revenue_reporting", "")]),
] %}

with

amounts as (

    {%- for measure, mart, facts in pairs %}
    select
        '{{ mart.identifier }}' as mart,
        '{{ measure }}' as measure,
        cast({{ measure }} as {{ type_money() }}) as of_mart,
        0 as of_facts
    from {{ mart }}
    union all
    {%- set last_pair = loop.last %}
    {%- for table, expression, rows in facts %}
    select
        '{{ mart.identifier }}' as mart,
        '{{ measure }}' as measure,
        0 as of_mart,
        cast({{ expression }} as {{ type_money() }}) as of_facts
    from {{ table }}
    {{ rows }}
    {%- if not (last_pair and loop.last) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}

),

sums as (

    select
        mart,
        measure,
        coalesce(sum(of_mart), 0) as of_mart,
        coalesce(sum(of_facts), 0) as of_facts
    from amounts
    group by mart, measure

)

select *
from sums
where of_mart <> of_facts
