-- One row per touchpoint that tells something of an order: that it was placed, paid for in a further sale,
-- changed, picked up, given back or cancelled.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where key_type = 'order_id'

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
            when touchpoints.touchpoint_type = 'order_updated' then 'updated'
            when touchpoints.touchpoint_type in ('order_refunded', 'order_returned') then 'returned'
            when touchpoints.touchpoint_type = 'order_exchanged' then 'exchanged'
            when touchpoints.touchpoint_type = 'order_cancelled' then 'cancelled'
            when touchpoints.touchpoint_type = 'order_picked_up' then 'picked_up'
        end as record_kind
    from touchpoints
    left join touchpoint_keys
        on touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    where not touchpoints.is_arrival

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
    from order_touchpoints
    where
        order_id is not null
        and record_kind is not null

)

select * from order_records
