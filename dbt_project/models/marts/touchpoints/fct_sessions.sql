-- One row per session: one person's visit to a site or app on one device.
with

sessionised as {{ not_materialized() }} (

    select * from {{ ref('int_touchpoints__sessionised') }}

),

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}

),

arrivals as (

    select * from {{ ref('int_touchpoints__arrivals') }}

),

session_sources as (

    select * from {{ ref('int_touchpoints__session_sources') }}

),

session_lengths as (

    select
        session_id,
        max(position_in_session) as last_position
    from sessionised
    group by session_id

),

session_touchpoints as (

    select
        sessionised.session_id,
        sessionised.position_in_session,
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.device_key,
        touchpoints.source_system,
        touchpoints.channel,
        touchpoints.occurred_at,
        touchpoints.timezone,
        touchpoints.touchpoint_type,
        touchpoints.page_url,
        touchpoints.page_referrer,
        touchpoints.campaign_source,
        touchpoints.campaign_medium,
        touchpoints.campaign_id,
        touchpoints.is_conversion,
        sessionised.position_in_session = session_lengths.last_position as is_last,
        case
            when session_sources.session_id is null then sessionised.position_in_session = 1
            else sessionised.touchpoint_id = session_sources.touchpoint_id
        end as states_source
    from sessionised
    left join session_sources
        on sessionised.session_id = session_sources.session_id
    inner join session_lengths
        on sessionised.session_id = session_lengths.session_id
    inner join touchpoints
        on sessionised.touchpoint_id = touchpoints.touchpoint_id

),

sessions as (

    select
        session_id,
        max(customer_id) as customer_id,
        max(device_key) as device_id,
        max(source_system) as source_system,
        max(case when position_in_session = 1 then channel end) as channel,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        max(case when position_in_session = 1 then timezone end) as timezone,
        max(case when position_in_session = 1 then coalesce(page_url, touchpoint_type) end) as landing,
        max(case when is_last then coalesce(page_url, touchpoint_type) end) as exit_point,
        max(case when states_source then page_referrer end) as referrer,
        max(case when states_source then campaign_source end) as source,
        max(case when states_source then campaign_medium end) as medium,
        max(case when states_source then campaign_id end) as campaign_id,
        count(*) as touchpoints,
        {{ count_where("touchpoint_type in ('page_view', 'screen_view')") }} as views,
        {{ count_where('is_conversion') }} as conversions
    from session_touchpoints
    group by session_id

),

described_sessions as (

    select
        sessions.session_id,
        sessions.customer_id,
        sessions.device_id,
        sessions.source_system,
        sessions.channel,
        sessions.started_at,
        sessions.ended_at,
        {{ local_date('sessions.started_at', "coalesce(sessions.timezone, 'UTC')") }} as local_date,
        sessions.landing,
        {{ page_address('sessions.landing') }} as landing_page,
        sessions.exit_point,
        {{ page_address('sessions.exit_point') }} as exit_page,
        sessions.referrer,
        {{ url_host('sessions.referrer') }} as referrer_host,
        sessions.source,
        sessions.medium,
        sessions.campaign_id,
        coalesce(arrivals.channel, 'direct') as arrived_by,
        sessions.touchpoints,
        sessions.views,
        cast({{ seconds_between('sessions.started_at', 'sessions.ended_at') }} as double) as engaged_seconds,
        sessions.touchpoints = 1 and sessions.conversions = 0 as is_bounced,
        sessions.conversions
    from sessions
    left join arrivals
        on sessions.session_id = arrivals.session_id

)

select * from described_sessions
