-- One row per conversion and step on the path to it: a visit of the same journey before the conversion, within the
-- look-back days, on the channel that brought the visit. The step is named by its first touchpoint.
-- The visit in which the conversion happened is a step if anything in it came before the conversion, even if that
-- belongs to the journey before.
with

conversions as (

    select * from {{ ref('int_journeys__conversions') }}
    where journey_id is not null

),

visits as (

    select * from {{ ref('int_attribution__visits') }}

),

channels as (

    select * from {{ ref('channels') }}

),

visits_of_conversions as (

    select
        conversions.touchpoint_id as conversion_touchpoint_id,
        conversions.customer_id,
        conversions.customer_position,
        conversions.journey_id,
        conversions.converted_at,
        visits.visit_key
    from conversions
    left join visits
        on conversions.touchpoint_id = visits.touchpoint_id

),

visited_touchpoints as (

    select
        visits_of_conversions.conversion_touchpoint_id,
        visits.touchpoint_id
    from visits_of_conversions
    inner join visits
        on
            visits_of_conversions.journey_id = visits.journey_id
            and visits_of_conversions.customer_position > visits.customer_position
    union distinct
    select
        visits_of_conversions.conversion_touchpoint_id,
        visits.touchpoint_id
    from visits_of_conversions
    inner join visits
        on
            visits_of_conversions.customer_id = visits.customer_id
            and visits_of_conversions.visit_key = visits.visit_key
            and visits_of_conversions.customer_position > visits.customer_position

),

recent_touchpoints as (

    select
        visits.*,
        visits_of_conversions.conversion_touchpoint_id,
        visits_of_conversions.converted_at,
        row_number() over (
            partition by visits_of_conversions.conversion_touchpoint_id, visits.visit_key
            order by visits.customer_position
        ) as position_in_visit
    from visited_touchpoints
    inner join visits_of_conversions
        on visited_touchpoints.conversion_touchpoint_id = visits_of_conversions.conversion_touchpoint_id
    inner join visits
        on visited_touchpoints.touchpoint_id = visits.touchpoint_id
    where
        {{ days_between('visits.occurred_at', 'visits_of_conversions.converted_at') }}
        <= {{ var('attribution_lookback_days') }}

),

steps as (

    select
        recent_touchpoints.*,
        channels.channel_group <> 'digital' as is_not_direct
    from recent_touchpoints
    inner join channels
        on recent_touchpoints.channel = channels.channel
    where recent_touchpoints.position_in_visit = 1

),

paths as (

    select
        conversion_touchpoint_id,
        customer_id,
        touchpoint_id,
        session_id,
        channel,
        is_not_direct,
        {{ days_between('occurred_at', 'converted_at') }} as days_before,
        row_number() over (
            partition by conversion_touchpoint_id
            order by customer_position
        ) as path_position,
        row_number() over (
            partition by conversion_touchpoint_id
            order by customer_position desc
        ) as position_from_last,
        row_number() over (
            partition by conversion_touchpoint_id
            order by case when is_not_direct then 0 else 1 end, customer_position desc
        ) as non_direct_position_from_last,
        count(*) over (partition by conversion_touchpoint_id) as path_length
    from steps

)

select * from paths
