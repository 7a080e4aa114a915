-- One row per conversion: the journey that it ends, and what it was worth in its own and in the reporting
-- currency.
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

exchange_rates as (

    select * from {{ ref('int_commerce__exchange_rates') }}

),

valued_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        journey_touchpoints.journey_id,
        touchpoints.customer_position,
        touchpoints.channel,
        touchpoints.conversion_kind,
        touchpoints.conversion_id,
        touchpoints.occurred_at as converted_at,
        {{ local_date('touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')") }} as converted_on,
        coalesce(orders.currency, touchpoints.currency, {{ reporting_currency() }}) as currency,
        coalesce(orders.gross_revenue, touchpoints.amount, 0) as revenue,
        coalesce(
            orders.gross_revenue - orders.returned - orders.cancelled, touchpoints.amount, 0
        ) as net_revenue
    from touchpoints
    left join journey_touchpoints
        on touchpoints.touchpoint_id = journey_touchpoints.touchpoint_id
    left join orders
        on touchpoints.touchpoint_id = orders.conversion_touchpoint_id

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
