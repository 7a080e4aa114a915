-- One row per conversion and channel on the path to it: how many of its touchpoints are the channel's.
{{ config(materialized='incremental', incremental_strategy='by_customer', on_schema_change='fail') }}

with

paths as (

    select * from {{ of_dirty_customers(ref('int_attribution__paths')) }}

),

channel_touchpoints as (

    select
        conversion_touchpoint_id,
        customer_id,
        channel,
        count(*) as touchpoints
    from paths
    group by conversion_touchpoint_id, customer_id, channel

),

channel_counts as (

    select
        conversion_touchpoint_id,
        count(*) as channels
    from channel_touchpoints
    group by conversion_touchpoint_id

),

path_channels as (

    select
        channel_touchpoints.conversion_touchpoint_id,
        channel_touchpoints.customer_id,
        channel_touchpoints.channel,
        channel_touchpoints.touchpoints,
        channel_counts.channels
    from channel_touchpoints
    inner join channel_counts
        on channel_touchpoints.conversion_touchpoint_id = channel_counts.conversion_touchpoint_id

)

select * from path_channels
