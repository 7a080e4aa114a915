-- A failing row is a source and table whose touchpoints are not its records less those that the seed
-- `touchpoint_types` says are no interaction. Arrivals are left out: they come on top of the record of the
-- session's first touchpoint.
with

records as (

    select * from {{ ref('int_records__unioned') }}

),

touchpoint_types as (

    select * from {{ ref('touchpoint_types') }}
    where not is_touchpoint

),

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where not is_arrival

),

interactions as (

    select
        records.source_system,
        records.record_type,
        count(*) as records
    from records
    left join touchpoint_types
        on
            records.taxonomy_source = touchpoint_types.source
            and lower(records.taxonomy_event) = lower(touchpoint_types.event)
    where touchpoint_types.event is null
    group by records.source_system, records.record_type

),

found as (

    select
        source_system,
        source_table,
        count(*) as touchpoints
    from touchpoints
    group by source_system, source_table

)

select
    coalesce(interactions.source_system, found.source_system) as source_system,
    coalesce(interactions.record_type, found.source_table) as source_table,
    coalesce(interactions.records, 0) as records,
    coalesce(found.touchpoints, 0) as touchpoints
from interactions
full outer join found
    on
        interactions.source_system = found.source_system
        and interactions.record_type = found.source_table
where coalesce(interactions.records, 0) <> coalesce(found.touchpoints, 0)
