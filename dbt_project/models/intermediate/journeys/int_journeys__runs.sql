-- One row per owned inbound touchpoint of a journey, with its run: consecutive touchpoints on one channel.
with

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}
    where is_owned_inbound

),

channel_changes as (

    select
        *,
        lag(channel) over (partition by journey_id order by customer_position) as previous_channel,
        lag(touchpoint_type) over (partition by journey_id order by customer_position) as previous_type,
        lag(touchpoint_id) over (partition by journey_id order by customer_position) as previous_touchpoint_id,
        lag(occurred_at) over (partition by journey_id order by customer_position) as previous_at
    from journey_touchpoints

),

numbered_runs as (

    select
        journey_id,
        customer_id,
        journey_kind,
        touchpoint_id,
        customer_position,
        occurred_at,
        channel,
        touchpoint_type,
        previous_touchpoint_id,
        previous_channel,
        previous_type,
        previous_at,
        previous_channel is not null and previous_channel <> channel as is_handoff,
        sum(case when previous_channel <> channel then 1 else 0 end) over (
            partition by journey_id
            order by customer_position
            rows between unbounded preceding and current row
        ) + 1 as run_number
    from channel_changes

),

runs as (

    select
        *,
        min(customer_position) over (partition by journey_id, run_number) as run_starts_at_position
    from numbered_runs

)

select * from runs
