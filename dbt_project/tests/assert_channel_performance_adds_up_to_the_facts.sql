-- A failing row is a measure whose sum over all days and channels differs from the fact table that it comes
-- from.
with

performance as (

    select
        sum(touchpoints) as touchpoints,
        sum(sessions) as sessions,
        sum(conversions) as conversions
    from {{ ref('mart_channel_performance') }}

),

touchpoints as (

    select
        sum(case when {{ is_counted() }} then 1 else 0 end) as touchpoints,
        sum(case when is_conversion then 1 else 0 end) as conversions
    from {{ ref('fct_touchpoints') }}

),

sessions as (

    select count(*) as sessions
    from {{ ref('fct_sessions') }}

)

select
    performance.touchpoints as touchpoints_told,
    touchpoints.touchpoints,
    performance.sessions as sessions_told,
    sessions.sessions,
    performance.conversions as conversions_told,
    touchpoints.conversions
from performance
cross join touchpoints
cross join sessions
where
    coalesce(performance.touchpoints, 0) <> coalesce(touchpoints.touchpoints, 0)
    or coalesce(performance.sessions, 0) <> sessions.sessions
    or coalesce(performance.conversions, 0) <> coalesce(touchpoints.conversions, 0)
