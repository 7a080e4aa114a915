-- One row per journey, business object and channel: where in the journey the object was first seen on that
-- channel.
with

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}

),

keys_seen as (

    select
        journey_touchpoints.journey_id,
        journey_touchpoints.customer_id,
        touchpoint_keys.key_type,
        touchpoint_keys.key_value,
        journey_touchpoints.channel,
        min(journey_touchpoints.customer_position) as first_position
    from journey_touchpoints
    inner join touchpoint_keys
        on journey_touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    group by
        journey_touchpoints.journey_id,
        journey_touchpoints.customer_id,
        touchpoint_keys.key_type,
        touchpoint_keys.key_value,
        journey_touchpoints.channel

)

select * from keys_seen
