-- One row per run after a change of channel, with the object and the product that it continues from another channel of
-- its journey.
with

runs as (

    select * from {{ ref('int_journeys__runs') }}

),

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}

),

carrying_keys as (

    select * from {{ ref('handoff_keys') }}

),

-- The position in the journey at which each object first appears on each channel.
keys_seen as (

    select
        journey_touchpoints.journey_id,
        touchpoint_keys.key_type,
        touchpoint_keys.key_value,
        journey_touchpoints.channel,
        min(journey_touchpoints.customer_position) as first_position
    from journey_touchpoints
    inner join touchpoint_keys
        on journey_touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    group by
        journey_touchpoints.journey_id,
        touchpoint_keys.key_type,
        touchpoint_keys.key_value,
        journey_touchpoints.channel

),

carried_keys as (

    select
        runs.journey_id,
        runs.customer_id,
        runs.run_number,
        touchpoint_keys.key_type,
        carrying_keys.is_object,
        row_number() over (
            partition by runs.journey_id, runs.run_number, carrying_keys.is_object
            order by carrying_keys.priority, touchpoint_keys.key_value
        ) as key_rank
    from runs
    inner join touchpoint_keys
        on runs.touchpoint_id = touchpoint_keys.touchpoint_id
    inner join carrying_keys
        on touchpoint_keys.key_type = carrying_keys.key_type
    inner join keys_seen
        on
            runs.journey_id = keys_seen.journey_id
            and touchpoint_keys.key_type = keys_seen.key_type
            and touchpoint_keys.key_value = keys_seen.key_value
            and runs.channel <> keys_seen.channel
            and runs.run_starts_at_position > keys_seen.first_position
    where runs.run_number > 1

),

keys_carried as (

    select
        journey_id,
        customer_id,
        run_number,
        max(case when is_object then key_type end) as object_key,
        max(case when not is_object then key_type end) as product_key
    from carried_keys
    where key_rank = 1
    group by journey_id, customer_id, run_number

)

select * from keys_carried
