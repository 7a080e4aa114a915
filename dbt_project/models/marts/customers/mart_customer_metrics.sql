-- One row per known person: figures of the last 90 days, and days since what they did last, for segments.
-- Days are counted by date: a row changes with the clock at midnight only, when everything is built.
{%- set recent_days = 90 %}
with

customers as (

    select * from {{ ref('dim_customers') }}
    where lifecycle_stage not in ('anonymous', 'internal')

),

activity as (

    select * from {{ ref('int_customers__activity') }}

),

customer_value as (

    select * from {{ ref('mart_customer_value') }}

),

purchases as (

    select * from {{ ref('int_customers__purchases') }}

),

daily_sales as (

    select * from {{ ref('int_customers__daily_sales') }}

),

support_cases as (

    select * from {{ ref('fct_support_cases') }}

),

carts as (

    select * from {{ ref('fct_carts') }}
    where status = 'abandoned'

),

consent as (

    select * from {{ ref('dim_customer_consent') }}
    where purpose = 'marketing'

),

purchase_totals as (

    select
        customer_id,
        count(*) as purchases,
        {{ count_where(dbt.datediff('purchased_at', run_at(), 'day') ~ ' < ' ~ recent_days) }} as purchases_90d,
        min(purchased_at) as first_purchase_at,
        max(purchased_at) as last_purchase_at
    from purchases
    group by customer_id

),

recent_sales as (

    select
        customer_id,
        sum(net_revenue) as net_revenue_90d
    from daily_sales
    where {{ dbt.datediff('date_day', run_at(), 'day') }} < {{ recent_days }}
    group by customer_id

),

recent_cases as (

    select
        customer_id,
        count(*) as support_cases_90d
    from support_cases
    where {{ dbt.datediff('opened_at', run_at(), 'day') }} < {{ recent_days }}
    group by customer_id

),

cart_totals as (

    select
        customer_id,
        max(last_active_at) as last_abandoned_at,
        {{ count_where(dbt.datediff('last_active_at', run_at(), 'day') ~ ' < ' ~ recent_days) }} as carts_abandoned_90d
    from carts
    group by customer_id

),

consent_channels as (

    select
        customer_id,
        channel,
        max(case when status = 'granted' then 1 else 0 end) as was_granted,
        max(case when status = 'granted' and is_current then 1 else 0 end) as is_granted
    from consent
    group by customer_id, channel

),

consent_totals as (

    select
        customer_id,
        {{ count_where('is_granted = 1') }} as marketing_channels_granted,
        {{ count_where('was_granted = 1 and is_granted = 0') }} as marketing_channels_withdrawn
    from consent_channels
    group by customer_id

),

customer_metrics as (

    select
        customers.customer_id,
        customer_value.segment as rfm_segment,
        customer_value.expected_value_12m,
        customer_value.probability_alive,
        coalesce(purchase_totals.purchases, 0) as purchases,
        coalesce(purchase_totals.purchases_90d, 0) as purchases_90d,
        cast(coalesce(recent_sales.net_revenue_90d, 0) as {{ type_money() }}) as net_revenue_90d,
        coalesce(recent_cases.support_cases_90d, 0) as support_cases_90d,
        coalesce(cart_totals.carts_abandoned_90d, 0) as carts_abandoned_90d,
        {%- for days, since in {
            'days_since_first_touchpoint': 'customers.first_touchpoint_at',
            'days_since_last_activity': 'activity.last_inbound_at',
            'days_since_first_purchase': 'purchase_totals.first_purchase_at',
            'days_since_last_purchase': 'purchase_totals.last_purchase_at',
            'days_since_abandoned_cart': 'cart_totals.last_abandoned_at',
        }.items() %}
        cast({{ dbt.datediff(since, run_at(), 'day') }} as {{ dbt.type_bigint() }}) as {{ days }},
        {%- endfor %}
        coalesce(consent_totals.marketing_channels_granted, 0) as marketing_channels_granted,
        coalesce(consent_totals.marketing_channels_withdrawn, 0) as marketing_channels_withdrawn,
        {{ reporting_currency() }} as reporting_currency
    from customers
    left join activity
        on customers.customer_id = activity.customer_id
    left join customer_value
        on customers.customer_id = customer_value.customer_id
    left join purchase_totals
        on customers.customer_id = purchase_totals.customer_id
    left join recent_sales
        on customers.customer_id = recent_sales.customer_id
    left join recent_cases
        on customers.customer_id = recent_cases.customer_id
    left join cart_totals
        on customers.customer_id = cart_totals.customer_id
    left join consent_totals
        on customers.customer_id = consent_totals.customer_id

)

select * from customer_metrics
