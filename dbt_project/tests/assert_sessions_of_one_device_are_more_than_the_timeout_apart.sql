-- A failing row is a session that begins on a person's device no later than the session timeout after the
-- one before it ended: one visit was counted as two. Sessions that the source numbers itself are left out.
with

sessionised as (

    select * from {{ ref('int_touchpoints__sessionised') }}

),

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}
    where source_session_id is null

),

sessions as (

    select
        sessionised.session_id,
        sessionised.customer_id,
        sessionised.source_system,
        coalesce(sessionised.device_key, '') as device_key,
        min(sessionised.occurred_at) as started_at,
        max(sessionised.occurred_at) as ended_at
    from sessionised
    inner join touchpoints
        on sessionised.touchpoint_id = touchpoints.touchpoint_id
    group by
        sessionised.session_id,
        sessionised.customer_id,
        sessionised.source_system,
        coalesce(sessionised.device_key, '')

),

ordered_sessions as (

    select
        *,
        lag(ended_at) over (
            partition by customer_id, source_system, device_key
            order by started_at, session_id
        ) as previous_ended_at
    from sessions

)

select *
from ordered_sessions
where {{ seconds_between('previous_ended_at', 'started_at') }} <= {{ var('session_timeout_minutes') * 60 }}
