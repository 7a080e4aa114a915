-- One row per journey and cart, application, booking or ticket, with the position and channel of its start, and of its
-- end if it was finished. A purchase also starts its cart if no earlier touchpoint has the cart.
with

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}

),

object_kinds as (

    select * from {{ ref('handoff_keys') }}
    where can_restart

),

object_touchpoints as (

    select
        journey_touchpoints.journey_id,
        journey_touchpoints.customer_id,
        touchpoint_keys.key_type,
        touchpoint_keys.key_value,
        journey_touchpoints.touchpoint_id,
        journey_touchpoints.customer_position,
        journey_touchpoints.channel,
        journey_touchpoints.subject,
        journey_touchpoints.is_conversion,
        journey_touchpoints.is_conversion
        or {{ dbt.concat(['journey_touchpoints.opens_object', "'_id'"]) }} = touchpoint_keys.key_type as is_opening,
        row_number() over (
            partition by journey_touchpoints.journey_id, touchpoint_keys.key_type, touchpoint_keys.key_value
            order by journey_touchpoints.customer_position
        ) as sighting_number
    from journey_touchpoints
    inner join touchpoint_keys
        on journey_touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    inner join object_kinds
        on touchpoint_keys.key_type = object_kinds.key_type

),

objects as (

    select
        journey_id,
        customer_id,
        key_type,
        key_value,
        min(customer_position) as first_position,
        max(case when sighting_number = 1 then channel end) as first_channel,
        max(case when sighting_number = 1 then lower(trim(subject)) end) as subject,
        max(case when sighting_number = 1 and is_opening then 1 else 0 end) = 1 as is_opened_here,
        min(case when is_conversion then customer_position end) as finished_position
    from object_touchpoints
    group by journey_id, customer_id, key_type, key_value

)

select * from objects
