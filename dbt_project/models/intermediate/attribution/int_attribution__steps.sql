-- One row per pair of states that follow each other on a path: from (start) over channels to (converted) or
-- (lost), with what the conversions were worth.
with

conversions as (

    select
        touchpoint_id,
        coalesce(cast({{ rounded('revenue * exchange_rate', 4) }} as {{ type_money() }}), 0) as revenue
    from {{ ref('int_journeys__conversions') }}

),

paths as (

    select
        paths.conversion_touchpoint_id as path_id,
        paths.channel,
        paths.path_position as position_key,
        '(converted)' as outcome,
        conversions.revenue
    from {{ ref('int_attribution__paths') }} as paths
    inner join conversions
        on paths.conversion_touchpoint_id = conversions.touchpoint_id

),

lost_paths as (

    select
        journey_id as path_id,
        channel,
        customer_position as position_key,
        '(lost)' as outcome,
        0 as revenue
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
        revenue,
        lag(channel) over (partition by outcome, path_id order by position_key) as previous_channel,
        lead(channel) over (partition by outcome, path_id order by position_key) as next_channel
    from all_paths

),

entries_and_moves as (

    select
        coalesce(previous_channel, '(start)') as from_state,
        channel as to_state,
        0 as revenue
    from neighbours

),

ends as (

    select
        channel as from_state,
        outcome as to_state,
        revenue
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
        count(*) as steps,
        cast(sum(revenue) as {{ type_money() }}) as revenue
    from all_steps
    group by from_state, to_state

)

select * from steps
