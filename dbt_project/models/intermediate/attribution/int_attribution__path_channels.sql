-- One row per conversion and channel on the path to it: how many of its steps are the channel's.
with

paths as (

    select * from {{ ref('int_attribution__paths') }}

),

channel_steps as (

    select
        conversion_touchpoint_id,
        customer_id,
        channel,
        count(*) as steps
    from paths
    group by conversion_touchpoint_id, customer_id, channel

),

channel_counts as (

    select
        conversion_touchpoint_id,
        count(*) as channels
    from channel_steps
    group by conversion_touchpoint_id

),

path_channels as (

    select
        channel_steps.conversion_touchpoint_id,
        channel_steps.customer_id,
        channel_steps.channel,
        channel_steps.steps,
        channel_counts.channels
    from channel_steps
    inner join channel_counts
        on channel_steps.conversion_touchpoint_id = channel_counts.conversion_touchpoint_id

)

select * from path_channels
