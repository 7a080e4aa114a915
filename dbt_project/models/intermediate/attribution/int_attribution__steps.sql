-- One row per pair of states that follow each other on a path: from (start) over channels to (converted) or
-- (lost).
with

paths as (

    select
        conversion_touchpoint_id as path_id,
        channel,
        path_position as position_key,
        '(converted)' as outcome
    from {{ ref('int_attribution__paths') }}

),

lost_paths as (

    select
        journey_id as path_id,
        channel,
        customer_position as position_key,
        '(lost)' as outcome
    from {{ ref('int_attribution__lost_paths') }}

),

all_paths as (

    select * from paths
    union all
    select * from lost_paths

),

neighbours as (

    select
        channel,
        outcome,
        lag(channel) over (partition by outcome, path_id order by position_key) as previous_channel,
        lead(channel) over (partition by outcome, path_id order by position_key) as next_channel
    from all_paths

),

entries_and_moves as (

    select
        coalesce(previous_channel, '(start)') as from_state,
        channel as to_state
    from neighbours

),

ends as (

    select
        channel as from_state,
        outcome as to_state
    from neighbours
    where next_channel is null

),

all_steps as (

    select * from entries_and_moves
    union all
    select * from ends

),

steps as (

    select
        from_state,
        to_state,
        count(*) as steps
    from all_steps
    group by from_state, to_state

)

select * from steps
