-- One row per order, however many channels report it, with gross, returned and net revenue in the order's own currency.
with

order_records as (

    select * from {{ ref('int_commerce__order_records') }}

),

order_amounts as (

    select * from {{ ref('int_commerce__order_amounts') }}

),

order_changes as (

    select * from {{ ref('int_commerce__order_changes') }}

),

conversions as (

    select * from {{ ref('int_touchpoints__conversions') }}

),

locations as (

    select * from {{ ref('stg_store__locations') }}

),

fulfilment_kinds as (

    select * from {{ ref('fulfilment_kinds') }}

),

events as (

    select * from {{ ref('int_records__events') }}
    where fulfilment is not null

),

placings as (

    select * from order_records
    where
        record_kind = 'placed'
        and record_number = 1

),

pickups as (

    select * from order_records
    where
        record_kind = 'picked_up'
        and record_number = 1

),

-- If a point of sale took the money, or the rest of it, for an order placed elsewhere, the order was paid for there.
store_payments as (

    select
        order_id,
        channel,
        row_number() over (
            partition by order_id
            order by occurred_at desc, touchpoint_id desc
        ) as payment_number_from_last
    from order_records
    where
        record_kind in ('picked_up', 'sold_on')
        and record_type = 'transactions'
        and amount > 0

),

cancellations as (

    select
        order_id,
        occurred_at as cancelled_at
    from order_changes
    where change_kind = 'cancelled'

),

-- Returns after a cancellation are part of the cancellation. An exchange counts by its difference.
counted_changes as (

    select
        order_changes.*,
        case
            when order_changes.change_kind = 'exchanged'
                then greatest(order_changes.given_back - order_changes.newly_sold, 0)
            else coalesce(order_changes.given_back, 0)
        end as returned,
        case
            when order_changes.change_kind = 'exchanged'
                then greatest(order_changes.newly_sold - order_changes.given_back, 0)
            else 0
        end as exchange_revenue
    from order_changes
    left join cancellations
        on order_changes.order_id = cancellations.order_id
    where
        order_changes.change_kind <> 'cancelled'
        and (
            order_changes.change_kind = 'exchanged'
            or cancellations.cancelled_at is null
            or order_changes.occurred_at < cancellations.cancelled_at
        )

),

changes as (

    select
        order_id,
        sum(returned) as returned,
        sum(exchange_revenue) as exchange_revenue,
        max(case when is_whole then 1 else 0 end) = 1 as is_returned_whole
    from counted_changes
    group by order_id

),

return_times as (

    select
        order_id,
        min(occurred_at) as first_returned_at,
        min(change_number) as first_return_number
    from order_changes
    where
        change_kind <> 'cancelled'
        and (is_whole or is_amount_missing or given_back > 0)
    group by order_id

),

first_returns as (

    select
        order_changes.order_id,
        order_changes.channel
    from order_changes
    inner join return_times
        on
            order_changes.order_id = return_times.order_id
            and order_changes.change_number = return_times.first_return_number
    where order_changes.change_kind <> 'cancelled'

),

amounts as (

    select
        placings.order_id,
        placings.touchpoint_id as conversion_touchpoint_id,
        placings.customer_id,
        placings.occurred_at as ordered_at,
        placings.timezone,
        placings.channel as channel_sold,
        first_returns.channel as channel_returned,
        pickups.occurred_at as picked_up_at,
        order_amounts.currency,
        order_amounts.coupon,
        order_amounts.items,
        order_amounts.gross_revenue,
        order_amounts.discount,
        order_amounts.other_charges,
        return_times.first_returned_at,
        cancellations.cancelled_at,
        case
            when pickups.channel is not null then pickups.channel
            when placings.record_type = 'transactions' then placings.channel
            when fulfilment_kinds.fulfilment_kind in ('pickup', 'reserve', 'ship_from_store')
                then coalesce(locations.kind, 'store')
        end as channel_fulfilled,
        case
            when events.fulfilment is not null then coalesce(fulfilment_kinds.fulfilment_kind, 'other')
            when placings.record_type = 'transactions' then 'at_counter'
            when pickups.channel is not null then 'pickup'
        end as fulfilment_kind,
        coalesce(store_payments.channel, placings.channel) as channel_paid,
        coalesce(placings.location_id, pickups.location_id) as location_id,
        coalesce(placings.banner, locations.banner) as banner,
        coalesce(changes.returned, 0) as returned,
        coalesce(changes.exchange_revenue, 0) as exchange_revenue,
        coalesce(changes.is_returned_whole, false) as is_returned_whole,
        coalesce(conversions.is_id_derived, false) as is_order_id_derived
    from placings
    inner join order_amounts
        on placings.order_id = order_amounts.order_id
    left join conversions
        on placings.touchpoint_id = conversions.touchpoint_id
    left join pickups
        on placings.order_id = pickups.order_id
    left join store_payments
        on
            placings.order_id = store_payments.order_id
            and store_payments.payment_number_from_last = 1
    left join changes
        on placings.order_id = changes.order_id
    left join first_returns
        on placings.order_id = first_returns.order_id
    left join cancellations
        on placings.order_id = cancellations.order_id
    left join return_times
        on placings.order_id = return_times.order_id
    left join events
        on placings.record_key = events.event_key
    left join fulfilment_kinds
        on {{ regexp_replace('events.fulfilment', "'[^a-z]+'", "'_'") }} = fulfilment_kinds.written
    left join locations
        on placings.location_id = locations.location_id

),

orders as (

    select
        order_id,
        conversion_touchpoint_id,
        customer_id,
        ordered_at,
        timezone,
        channel_sold,
        channel_fulfilled,
        fulfilment_kind,
        channel_paid,
        channel_returned,
        picked_up_at,
        location_id,
        banner,
        currency,
        items,
        coupon,
        gross_revenue,
        discount,
        other_charges,
        cast(case when is_returned_whole then gross_revenue else returned end as {{ type_money() }}) as returned,
        cast(case
            when cancelled_at is null or is_returned_whole then 0
            else gross_revenue - returned
        end as {{ type_money() }}) as cancelled,
        cast(
            case
                when cancelled_at is not null or is_returned_whole then 0 else exchange_revenue
            end as {{ type_money() }}
        ) as exchange_revenue,
        first_returned_at,
        cancelled_at,
        is_order_id_derived
    from amounts

)

select * from orders
