-- One row per conversion, with the journey that it ends and its value in its own and in the reporting currency. The
-- value is empty if the amount cannot be read.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where is_conversion

),

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

orders as (

    select * from {{ ref('int_commerce__orders') }}

),

unreadable_events as (

    select event_key from {{ ref('int_records__events') }}
    where is_amount_unreadable

),

forms as (

    select * from {{ ref('int_journeys__forms') }}

),

exchange_rates as (

    select * from {{ ref('int_commerce__exchange_rates') }}

),

valued_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        journey_touchpoints.journey_id,
        touchpoints.customer_position,
        touchpoints.session_id,
        touchpoints.channel,
        touchpoints.conversion_kind,
        touchpoints.conversion_id,
        touchpoints.occurred_at as converted_at,
        {{ local_date('touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')") }} as converted_on,
        coalesce(orders.currency, forms.currency, touchpoints.currency, {{ reporting_currency() }}) as currency,
        case
            when orders.order_id is not null then orders.gross_revenue
            when unreadable_events.event_key is null then coalesce(forms.gross_revenue, touchpoints.amount, 0)
        end as revenue,
        case
            when orders.order_id is not null then orders.gross_revenue - orders.returned - orders.cancelled
            when coalesce(forms.is_void, false) then 0
            when unreadable_events.event_key is null then coalesce(forms.net_revenue, touchpoints.amount, 0)
        end as net_revenue,
        orders.cancelled_at is not null or coalesce(forms.is_void, false) as is_void,
        forms.verdict = 'application_approved' as is_approved
    from touchpoints
    left join journey_touchpoints
        on touchpoints.touchpoint_id = journey_touchpoints.touchpoint_id
    left join orders
        on touchpoints.touchpoint_id = orders.conversion_touchpoint_id
    left join unreadable_events
        on touchpoints.record_key = unreadable_events.event_key
    left join forms
        on touchpoints.touchpoint_id = forms.conversion_touchpoint_id

),

conversions as (

    select
        valued_touchpoints.*,
        {{ reporting_rate('valued_touchpoints.currency') }} as exchange_rate
    from valued_touchpoints
    left join exchange_rates
        on {{ is_rate_of_day('valued_touchpoints.currency', 'valued_touchpoints.converted_on') }}

)

select * from conversions
