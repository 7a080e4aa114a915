-- One row per click without effect: the device sends no other event within `dead_click_seconds`, although the visit
-- continues. Clicks into a text field, which only place the cursor, do not count. Of several such clicks on one element
-- only the last counts.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}
    where
        source_system in ('web', 'app')
        and touchpoint_type in ('element_clicked', 'other')

),

clicks as (

    select * from {{ ref('stg_segment__clicks') }}

),

record_customers as {{ not_materialized() }} (

    select * from {{ ref('int_identity__record_customers') }}

),

-- Events that are not touchpoints, such as a paused video, also show that a click had an effect.
records as {{ not_materialized() }} (

    select * from {{ ref('int_records__unioned') }}
    where
        source_system in ('web', 'app')
        and not coalesce(is_sent_by_server, false)

),

-- Nearly all events are of devices that no click of this kind came from.
clicked_devices as (

    select distinct coalesce(records.device_key, '') as device_key
    from records
    inner join clicks
        on records.record_key = clicks.event_key

),

records_of_clicked_devices as (

    select records.*
    from records
    inner join clicked_devices
        on coalesce(records.device_key, '') = clicked_devices.device_key

),

events as (

    select
        records.record_key,
        records.occurred_at,
        record_customers.customer_id,
        records.device_key,
        clicks.element,
        coalesce(clicks.is_text_field, false) as is_text_field,
        case
            when clicks.event_key is null or touchpoints.touchpoint_id is null then records.occurred_at
        end as changed_at
    from records_of_clicked_devices as records
    inner join record_customers
        on records.record_key = record_customers.record_key
    left join clicks
        on records.record_key = clicks.event_key
    left join touchpoints
        on records.record_key = touchpoints.record_key

),

-- The effect of a click may be reported just before the click itself.
followed_events as (

    select
        *,
        max(changed_at) over (
            partition by customer_id, device_key
            order by occurred_at, record_key
            rows between unbounded preceding and current row
        ) as change_before_at,
        min(changed_at) over (
            partition by customer_id, device_key
            order by occurred_at, record_key
            rows between current row and unbounded following
        ) as change_after_at,
        lead(occurred_at) over (partition by customer_id, device_key order by occurred_at, record_key) as next_at,
        lead(occurred_at) over (
            partition by customer_id, device_key, element
            order by occurred_at, record_key
        ) as next_on_element_at
    from events

),

dead_clicks as (

    select
        record_key as touchpoint_id,
        customer_id
    from followed_events
    where
        changed_at is null
        and not is_text_field
        and {{ seconds_between('occurred_at', 'next_at') }} <= {{ var('session_timeout_minutes') * 60 }}
        and coalesce({{ seconds_between('change_before_at', 'occurred_at') }} > 1, true)
        and coalesce({{ seconds_between('occurred_at', 'change_after_at') }} > {{ var('dead_click_seconds') }}, true)
        and coalesce(
            {{ seconds_between('occurred_at', 'next_on_element_at') }} > {{ var('dead_click_seconds') }}, true
        )

)

select * from dead_clicks
