-- One row per source and event that has come in, and per way in of a support ticket: whether the seeds
-- `touchpoint_types` and `support_channels` know it, and what became of its records.
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

ticket_channels as (

    select * from {{ ref('int_records__ticket_channels') }}

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

mapped_events as (

    select
        events.source_system,
        events.event_source,
        events.event,
        touchpoint_types.event is not null as is_known,
        coalesce(touchpoint_types.is_touchpoint, true) as is_touchpoint,
        coalesce(touchpoint_types.touchpoint_type, 'other') as touchpoint_type,
        cast(null as {{ dbt.type_string() }}) as channel,
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

),

-- A ticket is an event too: its way in is listed in addition, and its shares are of all tickets.
ways_in as (

    select
        coalesce(via_channel, '(none)') as event,
        is_known_way_in as is_known,
        human_channel as channel,
        max(case when opened_by in ('customer', 'agent') then 1 else 0 end) = 1 as is_touchpoint,
        count(*) as records,
        {{ count_where('is_customer_contact') }} as touchpoints,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at
    from ticket_channels
    group by coalesce(via_channel, '(none)'), is_known_way_in, human_channel

),

mapped_ways_in as (

    select
        'support' as source_system,
        'support_channels' as event_source,
        event,
        is_known,
        is_touchpoint,
        case when is_touchpoint then 'ticket_opened' else 'ticket_internal' end as touchpoint_type,
        channel,
        records,
        touchpoints,
        {{ safe_divide('records', 'sum(records) over ()') }} as share_of_source,
        first_seen_at,
        last_seen_at
    from ways_in

),

mapping_coverage as (

    select * from mapped_events
    union all
    select * from mapped_ways_in

)

select * from mapping_coverage
