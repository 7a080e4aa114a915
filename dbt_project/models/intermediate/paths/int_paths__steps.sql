-- One row per journey, level of path and step: where the customer was, and how long after the step before. A path of
-- channels has one step for all touchpoints in a row on one channel, a path of touchpoints one for each.
with

runs as (

    select * from {{ ref('int_journeys__runs') }}

),

channel_steps as (

    select
        journey_id,
        customer_id,
        'channel' as path_level,
        run_number as step_number,
        min(channel) as step,
        min(occurred_at) as occurred_at
    from runs
    group by journey_id, customer_id, run_number

),

touchpoint_steps as (

    select
        journey_id,
        customer_id,
        'touchpoint' as path_level,
        row_number() over (partition by journey_id order by customer_position) as step_number,
        touchpoint_type as step,
        occurred_at
    from runs

),

all_steps as (

    select * from channel_steps
    union all
    select * from touchpoint_steps

),

followed_steps as (

    select
        journey_id,
        customer_id,
        path_level,
        cast(step_number as {{ dbt.type_bigint() }}) as step_number,
        step,
        occurred_at,
        lead(step) over (partition by journey_id, path_level order by step_number) as next_step,
        lead(occurred_at) over (partition by journey_id, path_level order by step_number) as next_occurred_at
    from all_steps

),

steps as (

    select
        journey_id,
        customer_id,
        path_level,
        step_number,
        step,
        next_step,
        {{ minutes_between('occurred_at', 'next_occurred_at') }} as minutes_to_next
    from followed_steps

)

select * from steps
