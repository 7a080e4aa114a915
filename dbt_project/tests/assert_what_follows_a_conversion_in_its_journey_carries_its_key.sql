-- A failing row is a touchpoint that comes after the conversion of its journey without naming the
-- conversion's order, booking or application: it should have begun a journey of its own.
with

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

conversions as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where is_conversion

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}

),

journey_conversions as (

    select
        journey_touchpoints.journey_id,
        conversions.customer_position,
        conversions.conversion_key_type,
        conversions.conversion_id
    from conversions
    inner join journey_touchpoints
        on conversions.touchpoint_id = journey_touchpoints.touchpoint_id

)

select
    journey_touchpoints.touchpoint_id,
    journey_touchpoints.journey_id,
    journey_conversions.conversion_id
from journey_touchpoints
inner join journey_conversions
    on
        journey_touchpoints.journey_id = journey_conversions.journey_id
        and journey_touchpoints.customer_position > journey_conversions.customer_position
left join touchpoint_keys
    on
        journey_touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
        and journey_conversions.conversion_key_type = touchpoint_keys.key_type
        and journey_conversions.conversion_id = touchpoint_keys.key_value
where touchpoint_keys.touchpoint_id is null
