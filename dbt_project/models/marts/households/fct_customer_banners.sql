-- One row per customer and banner that they met: since when, what they bought there, and whether they may be written
-- to.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and banner is not null
        and {{ is_counted() }}

),

orders as (

    select * from {{ ref('fct_orders') }}
    where
        customer_id is not null
        and banner is not null
        and not is_cancelled

),

consent_events as (

    select * from {{ ref('int_customers__consent_events') }}
    where purpose = 'marketing'

),

meetings as (

    select
        customer_id,
        banner,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        count(*) as touchpoints
    from touchpoints
    group by customer_id, banner

),

order_totals as (

    select
        customer_id,
        banner,
        count(*) as orders,
        sum(gross_revenue_reporting) as gross_revenue,
        sum(net_revenue_reporting) as net_revenue,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at
    from orders
    group by customer_id, banner

),

known_banners as (

    select
        order_totals.gross_revenue,
        order_totals.net_revenue,
        order_totals.last_order_at,
        coalesce(meetings.customer_id, order_totals.customer_id) as customer_id,
        coalesce(meetings.banner, order_totals.banner) as banner,
        least(meetings.first_seen_at, order_totals.first_order_at) as first_seen_at,
        greatest(meetings.last_seen_at, order_totals.last_order_at) as last_seen_at,
        coalesce(meetings.touchpoints, 0) as touchpoints,
        coalesce(order_totals.orders, 0) as orders
    from meetings
    full outer join order_totals
        on
            meetings.customer_id = order_totals.customer_id
            and meetings.banner = order_totals.banner

),

-- What is said of no banner holds for all of them, and a refusal holds until it is lifted.
consents as (

    select
        known_banners.customer_id,
        known_banners.banner,
        consent_events.channel,
        max(
            case when not consent_events.is_granted and consent_events.lifted_at is null then 1 else 0 end
        ) as is_refused
    from known_banners
    inner join consent_events
        on
            known_banners.customer_id = consent_events.customer_id
            and coalesce(consent_events.banner, known_banners.banner) = known_banners.banner
    group by known_banners.customer_id, known_banners.banner, consent_events.channel

),

described_banners as (

    select
        known_banners.customer_id,
        known_banners.banner,
        known_banners.first_seen_at,
        known_banners.last_seen_at,
        known_banners.touchpoints,
        known_banners.orders,
        cast(coalesce(known_banners.gross_revenue, 0) as {{ type_money() }}) as gross_revenue,
        cast(coalesce(known_banners.net_revenue, 0) as {{ type_money() }}) as net_revenue,
        {{ reporting_currency() }} as reporting_currency,
        known_banners.last_order_at,
        email_consents.is_refused = 0 as consent_email,
        sms_consents.is_refused = 0 as consent_sms
    from known_banners
    left join consents as email_consents
        on
            known_banners.customer_id = email_consents.customer_id
            and known_banners.banner = email_consents.banner
            and email_consents.channel = 'email'
    left join consents as sms_consents
        on
            known_banners.customer_id = sms_consents.customer_id
            and known_banners.banner = sms_consents.banner
            and sms_consents.channel = 'sms'

)

select * from described_banners
