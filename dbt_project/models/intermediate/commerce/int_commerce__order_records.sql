-- One row per touchpoint that reports on an order: placed, paid for in a further sale, changed, picked up, returned or
-- cancelled. An order that is placed again after a cancellation is the same order; what was reported before the new
-- placing is void, and left out.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where key_type = 'order_id'

),

unreadable_events as (

    select event_key from {{ ref('int_records__events') }}
    where is_amount_unreadable

),

order_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.record_key,
        touchpoints.source_system,
        touchpoints.record_type,
        touchpoints.record_id,
        touchpoints.customer_id,
        touchpoints.occurred_at,
        touchpoints.timezone,
        touchpoints.channel,
        touchpoints.touchpoint_type,
        touchpoints.location_id,
        touchpoints.banner,
        touchpoints.currency,
        touchpoints.amount,
        unreadable_events.event_key is not null as is_amount_unreadable,
        coalesce(
            case
                when touchpoints.is_conversion and touchpoints.conversion_kind = 'order'
                    then touchpoints.conversion_id
            end,
            touchpoint_keys.key_value
        ) as order_id,
        case
            when touchpoints.is_conversion and touchpoints.conversion_kind = 'order' then 'placed'
            when touchpoints.touchpoint_type = 'store_sale' then 'sold_on'
            when touchpoints.touchpoint_type = 'order_completed' then 'placed_again'
            when touchpoints.touchpoint_type = 'order_updated' then 'updated'
            when touchpoints.touchpoint_type in ('order_refunded', 'order_returned') then 'returned'
            when touchpoints.touchpoint_type = 'order_exchanged' then 'exchanged'
            when touchpoints.touchpoint_type = 'order_cancelled' then 'cancelled'
            when touchpoints.touchpoint_type = 'order_picked_up' then 'picked_up'
        end as record_kind
    from touchpoints
    left join touchpoint_keys
        on touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    left join unreadable_events
        on touchpoints.record_key = unreadable_events.event_key
    where
        not touchpoints.is_arrival
        and {{ is_external('touchpoints') }}

),

counted_records as (

    select
        *,
        case
            when record_kind = 'placed' then 0
            else coalesce(sum(case when record_kind = 'cancelled' then 1 else 0 end) over (
                partition by order_id
                order by occurred_at, case when record_kind = 'cancelled' then 1 else 0 end, touchpoint_id
                rows between unbounded preceding and 1 preceding
            ), 0)
        end as cancellations_before
    from order_touchpoints
    where
        order_id is not null
        and record_kind is not null

),

-- A cancellation is undone by a placing after it.
dated_records as (

    select
        *,
        max(case when record_kind = 'placed_again' then cancellations_before else 0 end) over (
            partition by order_id
        ) as cancellations_undone
    from counted_records

),

standing_records as (

    select
        *,
        row_number() over (
            partition by order_id, record_kind in ('placed', 'placed_again'), cancellations_before
            order by case when record_kind = 'placed' then 0 else 1 end, occurred_at, touchpoint_id
        ) = 1
        and record_kind in ('placed', 'placed_again')
        and cancellations_before = cancellations_undone as is_placing_in_force
    from dated_records
    where
        record_kind = 'placed'
        or cancellations_before >= cancellations_undone

),

order_records as (

    select
        *,
        row_number() over (
            partition by order_id, record_kind
            order by occurred_at, touchpoint_id
        ) as record_number,
        row_number() over (
            partition by order_id, record_kind
            order by occurred_at desc, touchpoint_id desc
        ) as record_number_from_last
    from standing_records
    where
        record_kind <> 'placed_again'
        or is_placing_in_force

)

select * from order_records
