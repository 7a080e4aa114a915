-- One row per customer: an identified person, or a browser or device that no one has signed in on yet.
with

people as (

    select * from {{ ref('int_identity__people') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

profiles as (

    select * from {{ ref('int_customers__profiles') }}

),

activity as (

    select * from {{ ref('int_customers__activity') }}

),

household_members as (

    select * from {{ ref('int_households__members') }}
    where is_current

),

preferred_channels as (

    select * from {{ ref('int_customers__preferred_channels') }}

),

consent as (

    select * from {{ ref('int_customers__consent') }}
    where purpose = 'marketing' and valid_to is null

),

carts as (

    select * from {{ ref('fct_carts') }}
    where status = 'open'

),

orders as (

    select * from {{ ref('fct_orders') }}

),

purchase_totals as (

    select * from {{ ref('int_customers__purchase_totals') }}

),

loyalty_totals as (

    select * from {{ ref('int_customers__loyalty_totals') }}

),

journeys as (

    select * from {{ ref('fct_journeys') }}
    where kind <> 'outreach'

),

support_cases as (

    select * from {{ ref('fct_support_cases') }}

),

internal_customers as (

    select * from {{ ref('int_identity__internal_customers') }}

),

rfm as (

    select * from {{ ref('int_customers__rfm') }}

),

customers as (

    select
        customer_id,
        max(case when is_identified then 1 else 0 end) = 1 as is_identified
    from (
        select
            customer_id,
            true as is_identified
        from people
        union all
        select
            customer_id,
            is_identified
        from record_customers
    ) as known_customers
    group by customer_id

),

ranked_carts as (

    select
        customer_id,
        cart_key,
        last_cart_id,
        row_number() over (partition by customer_id order by last_active_at desc, cart_key asc) as recency_rank
    from carts

),

order_totals as (

    select
        customer_id,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at,
        {{ count_where('is_rate_missing') }} as orders_without_rate,
        {{ count_where('is_amount_missing') }} as orders_without_amount,
        count(distinct banner) as banners
    from orders
    where not is_cancelled
    group by customer_id

),

journey_totals as (

    select
        customer_id,
        count(*) as journeys,
        cast(sum(handoffs_continued) as {{ dbt.type_bigint() }}) as handoffs_continued,
        cast(sum(handoffs_restarted) as {{ dbt.type_bigint() }}) as handoffs_restarted
    from journeys
    group by customer_id

),

ranked_cases as (

    select
        customer_id,
        case_id,
        status,
        csat,
        row_number() over (
            partition by customer_id
            order by case when status = 'open' then 0 else 1 end, opened_at desc, case_id asc
        ) as open_case_rank
    from support_cases

),

case_totals as (

    select
        customer_id,
        count(*) as support_cases,
        {{ average('csat') }} as csat,
        max(case when open_case_rank = 1 and status = 'open' then case_id end) as open_case_id
    from ranked_cases
    group by customer_id

),

consents as (

    select
        customer_id,
        max(case when channel = 'email' then case when is_granted then 1 else 0 end end) as consent_email,
        max(case when channel = 'sms' then case when is_granted then 1 else 0 end end) as consent_sms
    from consent
    group by customer_id

),

described_customers as (

    select
        customers.customer_id,
        customers.is_identified,
        internal_customers.customer_id is not null as is_internal,
        household_members.household_id,
        {%- for field in ['full_name', 'first_name', 'last_name', 'email', 'phone', 'birth_date', 'postcode'] %}
        profiles.{{ field }},
        profiles.{{ field }}_source,
        profiles.{{ field }}_updated_at,
        {%- endfor %}
        profiles.loyalty_id,
        profiles.loyalty_tier,
        cast(coalesce(loyalty_totals.loyalty_points, 0) as {{ type_money() }}) as loyalty_points,
        cast(coalesce(loyalty_totals.stored_value, 0) as {{ type_money() }}) as stored_value,
        loyalty_totals.stored_value_currency,
        activity.first_touchpoint_at,
        activity.last_touchpoint_at,
        activity.acquisition_channel,
        activity.acquisition_campaign_id,
        activity.channels_used,
        coalesce(activity.inbound_channels, 0) as inbound_channels,
        activity.preferred_channel,
        preferred_channels.preferred_channel_browse,
        preferred_channels.preferred_channel_buy,
        preferred_channels.preferred_channel_service,
        case
            when coalesce(journey_totals.handoffs_continued, 0) > 0 then 'omnichannel'
            when activity.inbound_channels > 1 then 'multichannel'
            when activity.inbound_channels = 1 then 'single_channel'
        end as kind,
        case
            when not {{ is_external_customer('customers.customer_id') }} then 'internal'
            when not customers.is_identified then 'anonymous'
            when coalesce(purchase_totals.purchases, 0) = 0 then 'prospect'
            when {{ days_between('purchase_totals.last_purchase_at', run_at()) }} > 180 then 'lapsed'
            when
                purchase_totals.purchases = 1 and {{ days_between('purchase_totals.last_purchase_at', run_at()) }} <= 90
                then 'new'
            else 'active'
        end as lifecycle_stage,
        coalesce(activity.touchpoints, 0) as touchpoints,
        coalesce(journey_totals.journeys, 0) as journeys,
        coalesce(journey_totals.handoffs_continued, 0) as handoffs_continued,
        coalesce(journey_totals.handoffs_restarted, 0) as handoffs_restarted,
        {{ safe_divide(
            'journey_totals.handoffs_continued',
            '(journey_totals.handoffs_continued + journey_totals.handoffs_restarted)'
        ) }} as continuity_rate,
        coalesce(purchase_totals.orders, 0) as orders,
        coalesce(purchase_totals.bookings, 0) as bookings,
        coalesce(purchase_totals.applications, 0) as applications,
        coalesce(order_totals.banners, 0) as banners,
        order_totals.first_order_at,
        order_totals.last_order_at,
        cast(coalesce(purchase_totals.gross_revenue, 0) as {{ type_money() }}) as gross_revenue,
        cast(coalesce(purchase_totals.net_revenue, 0) as {{ type_money() }}) as net_revenue,
        coalesce(order_totals.orders_without_rate, 0) as orders_without_rate,
        coalesce(order_totals.orders_without_amount, 0) as orders_without_amount,
        {{ reporting_currency() }} as reporting_currency,
        rfm.recency_score,
        rfm.frequency_score,
        rfm.monetary_score,
        coalesce(case_totals.support_cases, 0) as support_cases,
        cast(case_totals.csat as double) as csat,
        cast(activity.sentiment as double) as sentiment,
        consents.consent_email = 1 as consent_email,
        consents.consent_sms = 1 as consent_sms,
        ranked_carts.last_cart_id as open_cart_id,
        ranked_carts.cart_key as open_cart_key,
        case_totals.open_case_id
    from customers
    left join profiles
        on customers.customer_id = profiles.customer_id
    left join activity
        on customers.customer_id = activity.customer_id
    left join household_members
        on customers.customer_id = household_members.customer_id
    left join preferred_channels
        on customers.customer_id = preferred_channels.customer_id
    left join order_totals
        on customers.customer_id = order_totals.customer_id
    left join purchase_totals
        on customers.customer_id = purchase_totals.customer_id
    left join internal_customers
        on customers.customer_id = internal_customers.customer_id
    left join rfm
        on customers.customer_id = rfm.customer_id
    left join loyalty_totals
        on customers.customer_id = loyalty_totals.customer_id
    left join journey_totals
        on customers.customer_id = journey_totals.customer_id
    left join case_totals
        on customers.customer_id = case_totals.customer_id
    left join consents
        on customers.customer_id = consents.customer_id
    left join ranked_carts
        on customers.customer_id = ranked_carts.customer_id and ranked_carts.recency_rank = 1

)

select * from described_customers
