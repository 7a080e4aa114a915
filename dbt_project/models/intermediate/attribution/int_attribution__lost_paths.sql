-- One row per touchpoint that would take credit for a conversion, had its purchase journey converted: the
-- inbound and paid touchpoints within the look-back days before the journey's last one.
{{ config(materialized='incremental', incremental_strategy='by_customer', on_schema_change='fail') }}

with

journey_touchpoints as (

    select * from {{ of_dirty_customers(ref('int_journeys__touchpoints')) }}
    where
        journey_kind = 'purchase'
        and (direction = 'inbound' or channel = 'paid')

),

conversions as (

    select * from {{ of_dirty_customers(ref('int_journeys__conversions')) }}
    where journey_id is not null

),

lost_touchpoints as (

    select
        journey_touchpoints.journey_id,
        journey_touchpoints.customer_id,
        journey_touchpoints.touchpoint_id,
        journey_touchpoints.channel,
        journey_touchpoints.customer_position,
        journey_touchpoints.occurred_at,
        max(journey_touchpoints.occurred_at) over (partition by journey_touchpoints.journey_id) as last_occurred_at
    from journey_touchpoints
    left join conversions
        on journey_touchpoints.journey_id = conversions.journey_id
    where conversions.journey_id is null

),

lost_paths as (

    select
        journey_id,
        customer_id,
        touchpoint_id,
        channel,
        customer_position
    from lost_touchpoints
    where {{ days_between('occurred_at', 'last_occurred_at') }} <= {{ var('attribution_lookback_days') }}

)

select * from lost_paths
