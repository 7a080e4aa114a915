-- One row per source, or source and location, and day with records. Only records of the location itself count: an
-- online order to pick up there does not show that its point of sale delivers data.
with

records as (

    select * from {{ ref('int_records__unioned') }}

),

channels as (

    select * from {{ ref('channels') }}
    where is_physical

),

located_records as (

    select
        records.source_system,
        records.occurred_at,
        case
            when records.source_system = 'store' or channels.channel is not null then records.location_id
        end as location_id
    from records
    left join channels
        on records.native_channel = channels.channel
    where records.occurred_at <= {{ run_at() }}

),

days as (

    select
        source_system,
        location_id,
        cast(occurred_at as date) as active_on,
        max(occurred_at) as last_record_at,
        count(*) as records
    from located_records
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
