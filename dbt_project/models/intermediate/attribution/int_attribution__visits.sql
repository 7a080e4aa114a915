-- One row per touchpoint that may earn credit, inbound or of an advertisement: the visit that it is part of, and the
-- channel that brought the visit.
-- A visit is a session, on the channel of its arrival, or its own if the customer came directly. What a server reports
-- within the session timeout of a session is part of that session, else of no visit. Other touchpoints outside sessions
-- are contacts; those on one channel without a pause over the session timeout are one contact.
with

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}
    where direction = 'inbound' or channel = 'paid'

),

touchpoints as (

    select
        touchpoint_id,
        session_id,
        source_system,
        is_arrival
    from {{ ref('int_touchpoints__unioned') }}

),

channels as (

    select * from {{ ref('channels') }}

),

arrivals as (

    select * from {{ ref('int_touchpoints__arrivals') }}

),

-- One click may bring several sessions, as when the page is opened in two tabs.
recorded_arrivals as (

    select
        recorded_touchpoint_id,
        min(session_id) as session_id
    from arrivals
    where recorded_touchpoint_id is not null
    group by recorded_touchpoint_id

),

visiting_touchpoints as (

    select
        journey_touchpoints.touchpoint_id,
        journey_touchpoints.customer_id,
        journey_touchpoints.journey_id,
        journey_touchpoints.journey_kind,
        journey_touchpoints.customer_position,
        journey_touchpoints.occurred_at,
        journey_touchpoints.channel,
        touchpoints.is_arrival,
        channels.has_sessions and touchpoints.source_system in ('web', 'app') as has_sessions,
        coalesce(touchpoints.session_id, recorded_arrivals.session_id) as session_id
    from journey_touchpoints
    inner join channels
        on journey_touchpoints.channel = channels.channel
    inner join touchpoints
        on journey_touchpoints.touchpoint_id = touchpoints.touchpoint_id
    left join recorded_arrivals
        on journey_touchpoints.touchpoint_id = recorded_arrivals.recorded_touchpoint_id

),

numbered_sightings as (

    select
        *,
        count(session_id) over (
            partition by customer_id
            order by customer_position
            rows between unbounded preceding and current row
        ) as sighting_number
    from visiting_touchpoints

),

last_sightings as (

    select
        *,
        max(session_id) over (partition by customer_id, sighting_number) as last_session_id,
        max(case when session_id is not null then occurred_at end) over (
            partition by customer_id, sighting_number
        ) as last_seen_at
    from numbered_sightings

),

sessioned_touchpoints as (

    select
        touchpoint_id,
        customer_id,
        journey_id,
        journey_kind,
        customer_position,
        occurred_at,
        channel,
        has_sessions,
        is_arrival,
        case
            when session_id is not null then session_id
            when
                has_sessions
                and {{ seconds_between('last_seen_at', 'occurred_at') }} <= {{ var('session_timeout_minutes') * 60 }}
                then last_session_id
        end as session_id
    from last_sightings

),

-- A session that changes its channel, such as a web page shown in the app, counts for its first channel.
session_channels as (

    select
        session_id,
        channel,
        row_number() over (partition by session_id order by customer_position) as position_in_session
    from sessioned_touchpoints
    where
        session_id is not null
        and not is_arrival

),

pauses as (

    select
        *,
        lag(occurred_at) over (
            partition by customer_id, channel, session_id
            order by customer_position
        ) as previous_at
    from sessioned_touchpoints
    where
        session_id is not null
        or not has_sessions

),

numbered_contacts as (

    select
        *,
        sum(
            case
                when previous_at is null then 1
                when
                    {{ seconds_between('previous_at', 'occurred_at') }} > {{ var('session_timeout_minutes') * 60 }}
                    then 1
                else 0
            end
        ) over (
            partition by customer_id, channel, session_id
            order by customer_position
            rows between unbounded preceding and current row
        ) as contact_number
    from pauses

),

visits as (

    select
        numbered_contacts.touchpoint_id,
        numbered_contacts.customer_id,
        numbered_contacts.journey_id,
        numbered_contacts.journey_kind,
        numbered_contacts.customer_position,
        numbered_contacts.occurred_at,
        numbered_contacts.session_id,
        coalesce(
            numbered_contacts.session_id,
            {{ dbt.concat([
                'numbered_contacts.channel', "':'", 'cast(numbered_contacts.contact_number as ' ~ dbt.type_string() ~ ')'
            ]) }}
        ) as visit_key,
        coalesce(arrivals.channel, session_channels.channel, numbered_contacts.channel) as channel
    from numbered_contacts
    left join arrivals
        on numbered_contacts.session_id = arrivals.session_id
    left join session_channels
        on
            numbered_contacts.session_id = session_channels.session_id
            and session_channels.position_in_session = 1

)

select * from visits
