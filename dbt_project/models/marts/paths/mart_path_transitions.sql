-- One row per month, kind of journey, entry channel, segment, level of path and pair of steps: how often the one
-- follows the other. A path begins with (start) and ends with its outcome, such as (converted).
with

journeys as (

    select * from {{ ref('fct_journeys') }}
    where channel_path is not null

),

customer_value as (

    select * from {{ ref('mart_customer_value') }}

),

steps as (

    select * from {{ ref('int_paths__steps') }}

),

starts as (

    select
        journey_id,
        path_level,
        '(start)' as from_step,
        step as to_step,
        cast(null as double) as minutes_to_next
    from steps
    where step_number = 1

),

all_steps as (

    select * from starts
    union all
    select
        journey_id,
        path_level,
        step as from_step,
        next_step as to_step,
        cast(minutes_to_next as double) as minutes_to_next
    from steps

),

described_steps as (

    select
        cast({{ dbt.date_trunc('month', 'journeys.started_at') }} as date) as month_start_date,
        journeys.kind as journey_kind,
        journeys.entry_channel,
        all_steps.path_level,
        all_steps.from_step,
        all_steps.journey_id,
        all_steps.minutes_to_next,
        coalesce(customer_value.segment, 'no_purchase') as segment,
        coalesce(all_steps.to_step, '(' || journeys.status || ')') as to_step
    from all_steps
    inner join journeys
        on all_steps.journey_id = journeys.journey_id
    left join customer_value
        on journeys.customer_id = customer_value.customer_id

),

transitions as (

    select
        month_start_date,
        journey_kind,
        entry_channel,
        segment,
        path_level,
        from_step,
        to_step,
        count(*) as transitions,
        count(distinct journey_id) as journeys,
        {{ percentile('minutes_to_next', 0.5) }} as median_minutes
    from described_steps
    group by month_start_date, journey_kind, entry_channel, segment, path_level, from_step, to_step

),

rated_transitions as (

    select
        month_start_date,
        journey_kind,
        entry_channel,
        segment,
        path_level,
        from_step,
        to_step,
        transitions,
        journeys,
        median_minutes,
        cast(transitions as double) / sum(transitions) over (
            partition by month_start_date, journey_kind, entry_channel, segment, path_level, from_step
        ) as transition_rate
    from transitions

)

select * from rated_transitions
