-- One row per session that a campaign or another site sent, with its first landing that matches a rule of
-- `arrival_channels`. Apps report their opening before the link that opened them, and a page may report an event before
-- its view.
with

landings as (

    select * from {{ ref('int_touchpoints__landings') }}

),

arrival_rules as (

    select * from {{ ref('int_touchpoints__arrival_rules') }}

),

ruled_landings as (

    select
        landings.session_id,
        landings.touchpoint_id,
        landings.customer_id,
        landings.occurred_at,
        arrival_rules.channel,
        arrival_rules.touchpoint_type,
        arrival_rules.recorded_as,
        row_number() over (
            partition by landings.session_id
            order by landings.position_in_session
        ) as landing_number
    from landings
    inner join arrival_rules
        on
            landings.campaign_source = arrival_rules.campaign_source
            and landings.campaign_medium = arrival_rules.campaign_medium
            and landings.landing_parameters = arrival_rules.landing_parameters
            and landings.referrer_host = arrival_rules.referrer_host

),

session_sources as (

    select
        session_id,
        touchpoint_id,
        customer_id,
        occurred_at,
        channel,
        touchpoint_type,
        recorded_as
    from ruled_landings
    where landing_number = 1

)

select * from session_sources
