-- One row per consecutive pair of a journey's owned inbound touchpoints. If the channel changes, the pair is a handoff
-- and has its outcome.
with

runs as (

    select * from {{ ref('int_journeys__runs') }}

),

keys_carried as (

    select * from {{ ref('int_journeys__keys_carried') }}

),

restarts as (

    select
        journey_id,
        run_number,
        min(key_type) as key_type
    from {{ ref('int_journeys__restarts') }}
    group by journey_id, run_number

),

transitions as (

    select
        runs.journey_id,
        runs.customer_id,
        runs.journey_kind,
        runs.run_number,
        runs.previous_touchpoint_id as from_touchpoint_id,
        runs.touchpoint_id as to_touchpoint_id,
        runs.previous_channel as from_channel,
        runs.channel as to_channel,
        runs.previous_type as from_touchpoint_type,
        runs.touchpoint_type as to_touchpoint_type,
        runs.previous_at as from_occurred_at,
        runs.occurred_at,
        runs.customer_position,
        {{ seconds_between('runs.previous_at', 'runs.occurred_at') }} as gap_seconds,
        runs.is_handoff,
        case
            when not runs.is_handoff then null
            when keys_carried.object_key is not null then 'continued'
            when restarts.key_type is not null then 'restarted'
            when keys_carried.product_key is not null then 'continued'
            else 'unlinked'
        end as outcome,
        case
            when not runs.is_handoff then null
            else coalesce(keys_carried.object_key, restarts.key_type, keys_carried.product_key)
        end as context_key
    from runs
    left join keys_carried
        on
            runs.journey_id = keys_carried.journey_id
            and runs.run_number = keys_carried.run_number
    left join restarts
        on
            runs.journey_id = restarts.journey_id
            and runs.run_number = restarts.run_number
    where runs.previous_touchpoint_id is not null

)

select * from transitions
