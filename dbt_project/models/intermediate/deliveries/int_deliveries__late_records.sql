-- One row per record that came late: more than `late_after_hours` after the event that it reports, or after a run that
-- had already reported on that time.
with

records as {{ not_materialized() }} (

    select * from {{ ref('int_records__unioned') }}

),

runs as (

    select distinct loaded_at from records

),

runs_before as (

    select
        loaded_at,
        lag(loaded_at) over (order by loaded_at) as run_before_at
    from runs

),

-- A ticket changes with every answer: it is due when it last changed, not when it was opened.
dated_records as (

    select
        records.*,
        runs_before.run_before_at,
        case
            when records.source_system = 'support'
                then greatest(records.occurred_at, coalesce(records.received_at, records.occurred_at))
            else records.occurred_at
        end as due_at
    from records
    inner join runs_before
        on records.loaded_at = runs_before.loaded_at

),

delays as (

    select
        record_key,
        source_system,
        record_type,
        location_id,
        occurred_at,
        loaded_at,
        due_at,
        coalesce({{ seconds_between('due_at', 'run_before_at') }} / 3600.0 > {{ var('late_after_hours') }}, false)
            as was_missed_by_a_run,
        {{ seconds_between('due_at', 'loaded_at') }} / 3600.0 as hours_to_load,
        case when record_type = 'events' then {{ seconds_between('occurred_at', 'received_at') }} / 3600.0 end
            as hours_to_receive
    from dated_records

),

late_records as (

    select
        record_key,
        source_system,
        record_type,
        location_id,
        occurred_at,
        loaded_at,
        due_at,
        was_missed_by_a_run,
        case when was_missed_by_a_run then hours_to_load else hours_to_receive end as hours_late
    from delays
    where was_missed_by_a_run or hours_to_receive > {{ var('late_after_hours') }}

)

select * from late_records
