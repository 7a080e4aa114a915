-- One row per run, source, kind of record, place and day: the records that came late, and what they changed in
-- figures that had been published before.
with

late_records as (

    select * from {{ ref('int_deliveries__late_records') }}

),

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}

),

conversions as (

    select * from {{ ref('int_journeys__conversions') }}

),

records as (

    select * from {{ ref('int_records__unioned') }}

),

runs as (

    select distinct loaded_at from records

),

told_records as (

    select
        late_records.loaded_at,
        late_records.source_system,
        late_records.record_type,
        late_records.due_at,
        late_records.hours_late,
        late_records.was_missed_by_a_run,
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.journey_id,
        conversions.conversion_id,
        coalesce(late_records.location_id, '(none)') as location_id,
        coalesce(touchpoints.local_date, cast(late_records.occurred_at as date)) as occurred_on,
        cast(
            {{ rounded('conversions.revenue * conversions.exchange_rate', 4) }} as {{ type_money() }}
        ) as reporting_revenue
    from late_records
    left join touchpoints
        on late_records.record_key = touchpoints.touchpoint_id
    left join conversions
        on touchpoints.touchpoint_id = conversions.touchpoint_id

),

late_days as (

    select
        loaded_at,
        source_system,
        record_type,
        location_id,
        occurred_on,
        count(*) as records,
        {{ percentile('hours_late', 0.5) }} as median_hours_late,
        max(hours_late) as longest_hours_late,
        count(distinct touchpoint_id) as touchpoints,
        count(distinct customer_id) as customers,
        count(distinct journey_id) as journeys,
        count(distinct conversion_id) as conversions,
        sum(reporting_revenue) as revenue,
        min(case when was_missed_by_a_run then due_at end) as first_missed_at
    from told_records
    group by loaded_at, source_system, record_type, location_id, occurred_on

),

restated_runs as (

    select
        late_days.loaded_at,
        late_days.source_system,
        late_days.record_type,
        late_days.location_id,
        late_days.occurred_on,
        count(*) as runs_restated,
        min(runs.loaded_at) as first_run_restated_at
    from late_days
    inner join runs
        on late_days.first_missed_at < runs.loaded_at and late_days.loaded_at > runs.loaded_at
    group by
        late_days.loaded_at,
        late_days.source_system,
        late_days.record_type,
        late_days.location_id,
        late_days.occurred_on

),

late_arrivals as (

    select
        late_days.loaded_at,
        late_days.source_system,
        late_days.record_type,
        late_days.location_id,
        late_days.occurred_on,
        late_days.records,
        late_days.median_hours_late,
        late_days.longest_hours_late,
        coalesce(restated_runs.runs_restated, 0) as runs_restated,
        restated_runs.first_run_restated_at,
        late_days.touchpoints,
        late_days.customers,
        late_days.journeys,
        late_days.conversions,
        cast(late_days.revenue as {{ type_money() }}) as revenue,
        {{ reporting_currency() }} as reporting_currency
    from late_days
    left join restated_runs
        on
            late_days.loaded_at = restated_runs.loaded_at
            and late_days.source_system = restated_runs.source_system
            and late_days.record_type = restated_runs.record_type
            and late_days.location_id = restated_runs.location_id
            and late_days.occurred_on = restated_runs.occurred_on

)

select * from late_arrivals
