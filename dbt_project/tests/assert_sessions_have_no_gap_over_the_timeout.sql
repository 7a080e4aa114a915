-- A failing row is a pause within a session that is longer than the session timeout. Sessions that the
-- source numbers itself are left out: its word stands.
with

sessionised as (

    select * from {{ ref('int_touchpoints__sessionised') }}

),

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}
    where source_session_id is null

),

gaps as (

    select
        sessionised.session_id,
        sessionised.touchpoint_id,
        sessionised.occurred_at,
        lag(sessionised.occurred_at) over (
            partition by sessionised.session_id
            order by sessionised.position_in_session
        ) as previous_at
    from sessionised
    inner join touchpoints
        on sessionised.touchpoint_id = touchpoints.touchpoint_id

)

select *
from gaps
where {{ seconds_between('previous_at', 'occurred_at') }} > {{ var('session_timeout_minutes') * 60 }}
