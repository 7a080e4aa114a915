-- One row per source, or source and place, and day on which something happened there.
with

records as (

    select * from {{ ref('int_records__unioned') }}

),

days as (

    select
        source_system,
        location_id,
        cast(occurred_at as date) as active_on,
        max(occurred_at) as last_record_at,
        count(*) as records
    from records
    where occurred_at <= {{ run_at() }}
    group by source_system, location_id, cast(occurred_at as date)

),

days_of_sources as (

    select
        source_system,
        active_on,
        max(last_record_at) as last_record_at,
        sum(records) as records
    from days
    group by source_system, active_on

),

active_days as (

    select
        source_system,
        cast(null as {{ dbt.type_string() }}) as location_id,
        active_on,
        last_record_at,
        records
    from days_of_sources
    union all
    select
        source_system,
        location_id,
        active_on,
        last_record_at,
        records
    from days
    where location_id is not null

)

select * from active_days
