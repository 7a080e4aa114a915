-- One row per arrival: a session that a campaign or another site sent, on the channel that sent it, at the
-- session's first instant.
-- Where the click has an event of its own shortly before, that event is the arrival and none is added.
{{ config(materialized='incremental', incremental_strategy='by_customer', on_schema_change='fail') }}

with

landings as (

    select * from {{ of_dirty_customers(ref('int_touchpoints__landings')) }}

),

arrival_rules as (

    select * from {{ ref('int_touchpoints__arrival_rules') }}

),

touchpoints as (

    select * from {{ of_dirty_customers(ref('int_touchpoints__classified')) }}

),

ruled_landings as (

    select
        landings.session_id,
        landings.touchpoint_id as landing_touchpoint_id,
        landings.customer_id,
        landings.occurred_at,
        arrival_rules.channel,
        arrival_rules.touchpoint_type,
        arrival_rules.recorded_as
    from landings
    inner join arrival_rules
        on
            landings.campaign_source = arrival_rules.campaign_source
            and landings.campaign_medium = arrival_rules.campaign_medium
            and landings.landing_parameters = arrival_rules.landing_parameters
            and landings.referrer_host = arrival_rules.referrer_host

),

recorded_clicks as (

    select distinct ruled_landings.landing_touchpoint_id
    from ruled_landings
    inner join touchpoints
        on
            ruled_landings.customer_id = touchpoints.customer_id
            and ruled_landings.recorded_as = touchpoints.touchpoint_type
            and ruled_landings.occurred_at >= touchpoints.occurred_at
    where
        {{ seconds_between('touchpoints.occurred_at', 'ruled_landings.occurred_at') }}
        <= {{ var('arrival_dedupe_minutes') * 60 }}

),

arrivals as (

    select
        ruled_landings.session_id,
        ruled_landings.landing_touchpoint_id,
        ruled_landings.customer_id,
        ruled_landings.channel,
        ruled_landings.touchpoint_type
    from ruled_landings
    left join recorded_clicks
        on ruled_landings.landing_touchpoint_id = recorded_clicks.landing_touchpoint_id
    where recorded_clicks.landing_touchpoint_id is null

)

select * from arrivals
