-- A row is a week and entry channel whose abandoned journeys are not as many as those that drop off at all its stages.
with

journeys as (

    select
        cast({{ dbt.date_trunc('week', 'started_at') }} as date) as week_start_date,
        entry_channel,
        sum(case when status = 'abandoned' then 1 else 0 end) as abandoned
    from {{ ref('fct_journeys') }}
    where kind = 'purchase'
    group by cast({{ dbt.date_trunc('week', 'started_at') }} as date), entry_channel

),

funnel as (

    select
        week_start_date,
        entry_channel,
        sum(journeys_dropped_off) as dropped_off
    from {{ ref('mart_journey_funnel') }}
    group by week_start_date, entry_channel

)

select
    journeys.*,
    funnel.dropped_off
from journeys
full outer join funnel
    on
        journeys.week_start_date = funnel.week_start_date
        and journeys.entry_channel = funnel.entry_channel
where coalesce(journeys.abandoned, -1) <> coalesce(funnel.dropped_off, -1)
