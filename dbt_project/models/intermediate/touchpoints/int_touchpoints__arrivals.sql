-- One row per arrival: a session that a campaign or another site sent, on the channel that sent it, at the session's
-- first instant. If the click was recorded as a separate event shortly before, that event is the arrival
-- (`recorded_touchpoint_id`), and no touchpoint is added.
with

session_sources as (

    select * from {{ ref('int_touchpoints__session_sources') }}

),

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}

),

recorded_clicks as (

    select
        session_sources.session_id,
        touchpoints.touchpoint_id,
        row_number() over (
            partition by session_sources.session_id
            order by touchpoints.occurred_at desc, touchpoints.touchpoint_id asc
        ) as recency_rank
    from session_sources
    inner join touchpoints
        on
            session_sources.customer_id = touchpoints.customer_id
            and session_sources.recorded_as = touchpoints.touchpoint_type
            and session_sources.occurred_at >= touchpoints.occurred_at
    where
        {{ seconds_between('touchpoints.occurred_at', 'session_sources.occurred_at') }}
        <= {{ var('arrival_dedupe_minutes') * 60 }}

),

arrivals as (

    select
        session_sources.session_id,
        session_sources.touchpoint_id as landing_touchpoint_id,
        session_sources.customer_id,
        session_sources.occurred_at,
        session_sources.channel,
        session_sources.touchpoint_type,
        recorded_clicks.touchpoint_id as recorded_touchpoint_id
    from session_sources
    left join recorded_clicks
        on
            session_sources.session_id = recorded_clicks.session_id
            and recorded_clicks.recency_rank = 1

)

select * from arrivals
