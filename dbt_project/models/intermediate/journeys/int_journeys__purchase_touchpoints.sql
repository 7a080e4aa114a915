-- One row per touchpoint of a purchase journey that is not a follow-up, with the first touchpoint of its
-- journey.
-- A customer's run is cut after each conversion, and where the customer was silent for the journey timeout:
-- the time is counted from the last inbound touchpoint, in whole timeouts, so that messages sent into the
-- silence do not prolong it.
{{ config(materialized='incremental', incremental_strategy='by_customer', on_schema_change='fail') }}

{%- set timeout_seconds = var('journey_timeout_days') * 86400 %}

with

touchpoints as (

    select * from {{ of_dirty_customers(ref('int_touchpoints__unioned')) }}
    where
        customer_id is not null
        and not is_bot

),

service_touchpoints as (

    select * from {{ of_dirty_customers(ref('int_journeys__service_touchpoints')) }}

),

follow_ups as (

    select * from {{ of_dirty_customers(ref('int_journeys__follow_ups')) }}

),

purchase_run as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.customer_position,
        touchpoints.occurred_at,
        touchpoints.direction,
        touchpoints.is_conversion
    from touchpoints
    left join service_touchpoints
        on touchpoints.touchpoint_id = service_touchpoints.touchpoint_id
    left join follow_ups
        on touchpoints.touchpoint_id = follow_ups.touchpoint_id
    where
        service_touchpoints.touchpoint_id is null
        and follow_ups.touchpoint_id is null

),

silences as (

    select
        *,
        coalesce(
            max(case when direction = 'inbound' then occurred_at end) over (
                partition by customer_id
                order by customer_position
                rows between unbounded preceding and 1 preceding
            ),
            min(occurred_at) over (partition by customer_id)
        ) as silent_since
    from purchase_run

),

lapses as (

    select
        *,
        greatest(
            ceil({{ seconds_between('silent_since', 'occurred_at') }} / {{ timeout_seconds }}) - 1, 0
        ) as lapsed_timeouts
    from silences

),

cuts as (

    select
        *,
        lag(is_conversion) over (partition by customer_id order by customer_position) as follows_conversion,
        lag(case when direction = 'inbound' then 0 else lapsed_timeouts end) over (
            partition by customer_id
            order by customer_position
        ) as lapsed_before
    from lapses

),

numbered_journeys as (

    select
        *,
        sum(
            case when follows_conversion or lapsed_timeouts > lapsed_before then 1 else 0 end
        ) over (
            partition by customer_id
            order by customer_position
            rows between unbounded preceding and current row
        ) as journey_number
    from cuts

),

purchase_touchpoints as (

    select
        touchpoint_id,
        customer_id,
        customer_position,
        first_value(touchpoint_id) over (
            partition by customer_id, journey_number
            order by customer_position
            rows between unbounded preceding and unbounded following
        ) as first_touchpoint_id
    from numbered_journeys

)

select * from purchase_touchpoints
