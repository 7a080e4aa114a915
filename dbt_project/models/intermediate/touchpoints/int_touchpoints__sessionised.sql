-- One row per touchpoint of a visit to a site or app, with its session. A session contains one person's touchpoints on
-- one browser or device without a pause longer than the session timeout. If the source sends its own session id, that
-- is used instead. A sign-in does not end a session. Messages sent by a server are in no session.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}

),

channels as (

    select * from {{ ref('channels') }}

),

visited_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.source_system,
        touchpoints.occurred_at,
        coalesce(touchpoints.device_key, '') as device_key,
        coalesce(touchpoints.source_session_id, '') as source_session_id
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    where
        channels.has_sessions
        and touchpoints.direction = 'inbound'
        and touchpoints.source_system in ('web', 'app')
        and touchpoints.customer_id is not null
        and {{ is_counted("touchpoints") }}
        and not coalesce(touchpoints.is_sent_by_server, false)

),

gaps as (

    select
        *,
        lag(occurred_at) over (
            partition by customer_id, source_system, device_key, source_session_id
            order by occurred_at, touchpoint_id
        ) as previous_at
    from visited_touchpoints

),

session_starts as (

    select
        *,
        case
            when previous_at is null then 1
            when source_session_id <> '' then 0
            when
                {{ seconds_between('previous_at', 'occurred_at') }} > {{ var('session_timeout_minutes') * 60 }}
                then 1
            else 0
        end as starts_session
    from gaps

),

numbered_sessions as (

    select
        *,
        sum(starts_session) over (
            partition by customer_id, source_system, device_key, source_session_id
            order by occurred_at, touchpoint_id
            rows between unbounded preceding and current row
        ) as session_number
    from session_starts

),

sessionised as (

    select
        touchpoint_id,
        customer_id,
        source_system,
        occurred_at,
        nullif(device_key, '') as device_key,
        {{ dbt.hash("first_value(touchpoint_id) over (
            partition by customer_id, source_system, device_key, source_session_id, session_number
            order by occurred_at, touchpoint_id
            rows between unbounded preceding and unbounded following
        )") }} as session_id,
        row_number() over (
            partition by customer_id, source_system, device_key, source_session_id, session_number
            order by occurred_at, touchpoint_id
        ) as position_in_session
    from numbered_sessions

)

select * from sessionised
