-- One row per conversion and step on the path to it: its credit after Shapley. The worth of a group of
-- channels is the number of conversions that needed no other channel; a channel's Shapley value of that is an
-- equal share of each conversion with every other channel on its path. The share is spread evenly over the
-- channel's steps.
with

paths as (

    select * from {{ ref('int_attribution__paths') }}

),

path_channels as (

    select * from {{ ref('int_attribution__path_channels') }}

),

shapley_credits as (

    select
        paths.conversion_touchpoint_id,
        paths.customer_id,
        paths.touchpoint_id,
        paths.channel,
        'shapley' as attribution_model,
        cast(1 as double) / (path_channels.channels * path_channels.steps) as credit
    from paths
    inner join path_channels
        on
            paths.conversion_touchpoint_id = path_channels.conversion_touchpoint_id
            and paths.channel = path_channels.channel

)

select * from shapley_credits
