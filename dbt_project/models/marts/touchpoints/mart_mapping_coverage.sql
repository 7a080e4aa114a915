-- One row per source and event that has come in: whether the seed `touchpoint_types` knows it, and what
-- became of its records.
with

records as (

    select * from {{ ref('int_records__unioned') }}

),

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}

),

touchpoint_types as (

    select * from {{ ref('touchpoint_types') }}

),

events as (

    select
        records.source_system,
        records.taxonomy_source as event_source,
        coalesce(records.taxonomy_event, '(none)') as event,
        count(*) as records,
        count(touchpoints.touchpoint_id) as touchpoints,
        min(records.occurred_at) as first_seen_at,
        max(records.occurred_at) as last_seen_at
    from records
    left join touchpoints
        on records.record_key = touchpoints.record_key
    group by
        records.source_system,
        records.taxonomy_source,
        coalesce(records.taxonomy_event, '(none)')

),

mapping_coverage as (

    select
        events.source_system,
        events.event_source,
        events.event,
        touchpoint_types.event is not null as is_known,
        coalesce(touchpoint_types.is_touchpoint, true) as is_touchpoint,
        coalesce(touchpoint_types.touchpoint_type, 'other') as touchpoint_type,
        events.records,
        events.touchpoints,
        {{ safe_divide('events.records', 'sum(events.records) over (partition by events.source_system)') }}
            as share_of_source,
        events.first_seen_at,
        events.last_seen_at
    from events
    left join touchpoint_types
        on
            events.event_source = touchpoint_types.source
            and lower(events.event) = lower(touchpoint_types.event)

)

select * from mapping_coverage
