-- One row per conversion and touchpoint that may take credit for it: the inbound and paid touchpoints of the
-- same journey before it, within the look-back days.
{{ config(materialized='incremental', incremental_strategy='by_customer', on_schema_change='fail') }}

with

conversions as (

    select * from {{ of_dirty_customers(ref('int_journeys__conversions')) }}

),

journey_touchpoints as (

    select * from {{ of_dirty_customers(ref('int_journeys__touchpoints')) }}
    where direction = 'inbound' or channel = 'paid'

),

channels as (

    select * from {{ ref('channels') }}

),

paths as (

    select
        conversions.touchpoint_id as conversion_touchpoint_id,
        conversions.customer_id,
        journey_touchpoints.touchpoint_id,
        journey_touchpoints.channel,
        channels.channel_group <> 'digital' as is_not_direct,
        {{ days_between('journey_touchpoints.occurred_at', 'conversions.converted_at') }} as days_before,
        row_number() over (
            partition by conversions.touchpoint_id
            order by journey_touchpoints.customer_position
        ) as path_position,
        row_number() over (
            partition by conversions.touchpoint_id
            order by journey_touchpoints.customer_position desc
        ) as position_from_last,
        row_number() over (
            partition by conversions.touchpoint_id
            order by
                case when channels.channel_group <> 'digital' then 0 else 1 end,
                journey_touchpoints.customer_position desc
        ) as non_direct_position_from_last,
        count(*) over (partition by conversions.touchpoint_id) as path_length
    from conversions
    inner join journey_touchpoints
        on
            conversions.journey_id = journey_touchpoints.journey_id
            and conversions.customer_position > journey_touchpoints.customer_position
    inner join channels
        on journey_touchpoints.channel = channels.channel
    where
        {{ days_between('journey_touchpoints.occurred_at', 'conversions.converted_at') }}
        <= {{ var('attribution_lookback_days') }}

)

select * from paths
