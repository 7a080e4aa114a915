-- One row per step of a purchase journey without a conversion: a visit within the look-back days before the journey's
-- last visit.
with

visits as (

    select * from {{ ref('int_attribution__visits') }}
    where journey_kind = 'purchase'

),

conversions as (

    select * from {{ ref('int_journeys__conversions') }}
    where journey_id is not null

),

lost_touchpoints as (

    select
        visits.*,
        max(visits.occurred_at) over (partition by visits.journey_id) as last_occurred_at
    from visits
    left join conversions
        on visits.journey_id = conversions.journey_id
    where conversions.journey_id is null

),

recent_touchpoints as (

    select
        *,
        row_number() over (partition by journey_id, visit_key order by customer_position) as position_in_visit
    from lost_touchpoints
    where {{ days_between('occurred_at', 'last_occurred_at') }} <= {{ var('attribution_lookback_days') }}

),

lost_paths as (

    select
        journey_id,
        customer_id,
        touchpoint_id,
        channel,
        customer_position
    from recent_touchpoints
    where position_in_visit = 1

)

select * from lost_paths
