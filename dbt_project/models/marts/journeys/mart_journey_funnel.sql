-- One row per week, entry channel and stage: of the purchase journeys that began in that week on that
-- channel, those that reached the stage, and what became of them there.
with

journeys as (

    select * from {{ ref('fct_journeys') }}
    where kind = 'purchase'

),

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

stages as (

    select * from {{ ref('journey_stages') }}

),

stage_reaches as (

    select
        journey_touchpoints.journey_id,
        journey_touchpoints.stage,
        stages.stage_order,
        min(journey_touchpoints.occurred_at) as reached_at
    from journey_touchpoints
    inner join stages
        on journey_touchpoints.stage = stages.stage
    group by journey_touchpoints.journey_id, journey_touchpoints.stage, stages.stage_order

),

next_reaches as (

    select
        stage_reaches.journey_id,
        stage_reaches.stage,
        stage_reaches.stage_order,
        stage_reaches.reached_at,
        count(later_reaches.stage) > 0 as goes_further,
        min(
            case when later_reaches.reached_at >= stage_reaches.reached_at then later_reaches.reached_at end
        ) as next_reached_at
    from stage_reaches
    left join stage_reaches as later_reaches
        on
            stage_reaches.journey_id = later_reaches.journey_id
            and stage_reaches.stage_order < later_reaches.stage_order
    group by
        stage_reaches.journey_id,
        stage_reaches.stage,
        stage_reaches.stage_order,
        stage_reaches.reached_at

),

journey_stages as (

    select
        cast({{ dbt.date_trunc('week', 'journeys.started_at') }} as date) as week_start_date,
        journeys.entry_channel,
        next_reaches.stage,
        next_reaches.stage_order,
        journeys.status,
        next_reaches.goes_further,
        {{ seconds_between('next_reaches.reached_at', 'next_reaches.next_reached_at') }} / 3600 as hours_to_next
    from journeys
    inner join next_reaches
        on journeys.journey_id = next_reaches.journey_id

),

funnel as (

    select
        week_start_date,
        entry_channel,
        stage,
        cast(stage_order as {{ dbt.type_int() }}) as stage_order,
        count(*) as journeys_reached,
        sum(case when goes_further then 1 else 0 end) as journeys_continued,
        sum(case when not goes_further and status = 'converted' then 1 else 0 end) as journeys_ended_converted,
        sum(case when not goes_further and status = 'abandoned' then 1 else 0 end) as journeys_dropped_off,
        sum(case when not goes_further and status = 'open' then 1 else 0 end) as journeys_still_open,
        sum(case when status = 'converted' then 1 else 0 end) as journeys_converted,
        {{ percentile('hours_to_next', 0.5) }} as median_hours_to_next
    from journey_stages
    group by week_start_date, entry_channel, stage, stage_order

),

rated_funnel as (

    select
        week_start_date,
        entry_channel,
        stage,
        stage_order,
        journeys_reached,
        cast(journeys_continued as {{ dbt.type_bigint() }}) as journeys_continued,
        cast(journeys_ended_converted as {{ dbt.type_bigint() }}) as journeys_ended_converted,
        cast(journeys_dropped_off as {{ dbt.type_bigint() }}) as journeys_dropped_off,
        cast(journeys_still_open as {{ dbt.type_bigint() }}) as journeys_still_open,
        cast(journeys_converted as {{ dbt.type_bigint() }}) as journeys_converted,
        {{ safe_divide('journeys_dropped_off', 'journeys_reached') }} as drop_off_rate,
        {{ safe_divide('journeys_converted', 'journeys_reached') }} as conversion_rate,
        median_hours_to_next
    from funnel

)

select * from rated_funnel
