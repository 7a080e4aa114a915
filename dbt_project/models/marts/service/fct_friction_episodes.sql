-- One row per friction episode: what got in a customer's way, the contacts with support and the bad ratings around it,
-- none more than `friction_episode_hours` after the one before.
with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where
        customer_id is not null
        and {{ is_counted() }}

),

ticket_status as (

    select * from {{ ref('int_service__ticket_status') }}

),

described_touchpoints as (

    select
        touchpoints.customer_id,
        touchpoints.touchpoint_id,
        touchpoints.occurred_at,
        touchpoints.channel,
        touchpoints.touchpoint_type,
        touchpoints.journey_id,
        touchpoints.is_friction,
        touchpoints.touchpoint_type = 'ticket_opened' as is_contact,
        touchpoints.touchpoint_type = 'satisfaction_rated' and coalesce(ticket_status.csat = 0, false) as is_low_rating
    from touchpoints
    left join ticket_status
        on touchpoints.ticket_id = ticket_status.ticket_id

),

signals as (

    select * from described_touchpoints
    where is_friction or is_contact or is_low_rating

),

neighbours as (

    select
        *,
        lag(occurred_at) over (partition by customer_id order by occurred_at, touchpoint_id) as signal_before_at
    from signals

),

numbered_signals as (

    select
        *,
        sum(
            case
                when
                    {{ seconds_between('signal_before_at', 'occurred_at') }}
                    <= {{ var('friction_episode_hours') * 3600 }}
                    then 0
                else 1
            end
        ) over (
            partition by customer_id
            order by occurred_at, touchpoint_id
            rows between unbounded preceding and current row
        ) as episode_number
    from neighbours

),

ranked_signals as (

    select
        *,
        row_number() over (
            partition by customer_id, episode_number
            order by case when is_friction or is_low_rating then 0 else 1 end, occurred_at, touchpoint_id
        ) as friction_rank
    from numbered_signals

),

first_frictions as (

    select
        customer_id,
        episode_number,
        touchpoint_id,
        occurred_at,
        channel,
        touchpoint_type,
        journey_id
    from ranked_signals
    where
        friction_rank = 1
        and (is_friction or is_low_rating)

),

episodes as (

    select
        customer_id,
        episode_number,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        count(distinct channel) as channels,
        {{ count_where('is_friction') }} as friction_touchpoints,
        {{ count_where('is_contact') }} as contacts,
        {{ count_where('is_low_rating') }} as low_ratings,
        min(case when is_contact then occurred_at end) as first_contact_at
    from numbered_signals
    group by customer_id, episode_number

),

friction_episodes as (

    select
        {{ dbt.concat(["'episode_'", 'first_frictions.touchpoint_id']) }} as episode_id,
        episodes.customer_id,
        first_frictions.journey_id,
        episodes.started_at,
        episodes.ended_at,
        first_frictions.touchpoint_type as friction_type,
        first_frictions.channel as friction_channel,
        episodes.channels,
        episodes.friction_touchpoints,
        episodes.contacts,
        episodes.low_ratings,
        episodes.first_contact_at,
        cast(case
            when episodes.first_contact_at >= first_frictions.occurred_at
                then {{ seconds_between('first_frictions.occurred_at', 'episodes.first_contact_at') }} / 3600.0
        end as double) as hours_to_contact
    from episodes
    inner join first_frictions
        on
            episodes.customer_id = first_frictions.customer_id
            and episodes.episode_number = first_frictions.episode_number

)

select * from friction_episodes
