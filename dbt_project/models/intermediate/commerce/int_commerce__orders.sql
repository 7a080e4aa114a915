-- One row per order, however many channels tell of it: what was sold, given back and kept, in the order's own
-- currency.
with

order_records as (

    select * from {{ ref('int_commerce__order_records') }}

),

order_lines as (

    select * from {{ ref('int_commerce__order_lines') }}
    where not is_exchange

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

events as (

    select * from {{ ref('int_records__events') }}
    where fulfilment is not null

),

line_totals as (

    select
        order_id,
        sum(line_total) as lines_total,
        sum(quantity) as items
    from order_lines
    group by order_id

),

placings as (

    select * from order_records
    where
        record_kind = 'placed'
        and record_number = 1

),

-- An order may be paid for in several sales at a till.
sales as (

    select
        order_id,
        case when count(*) = count(amount) then sum(amount) end as sold
    from order_records
    where record_kind in ('placed', 'sold_on')
    group by order_id

),

updates as (

    select * from order_records
    where
        record_kind = 'updated'
        and record_number_from_last = 1

),

pickups as (

    select * from order_records
    where
        record_kind = 'picked_up'
        and record_number = 1

),

-- Where a till took money for what was ordered elsewhere, or took the rest, the order was paid for there.
till_payments as (

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

changes as (

    select
        order_id,
        min(case when is_whole or given_back > 0 then occurred_at end) as first_returned_at,
        min(case when is_whole or given_back > 0 then change_number end) as first_return_number,
        sum(given_back) as returned,
        sum(newly_sold) as newly_sold,
        max(case when is_whole then 1 else 0 end) = 1 as is_returned_whole
    from order_changes
    where change_kind <> 'cancelled'
    group by order_id

),

first_returns as (

    select
        order_changes.order_id,
        order_changes.channel
    from order_changes
    inner join changes
        on
            order_changes.order_id = changes.order_id
            and order_changes.change_number = changes.first_return_number
    where order_changes.change_kind <> 'cancelled'

),

cancellations as (

    select
        order_id,
        occurred_at as cancelled_at
    from order_changes
    where change_kind = 'cancelled'

),

amounts as (

    select
        placings.order_id,
        placings.touchpoint_id as conversion_touchpoint_id,
        placings.customer_id,
        placings.occurred_at as ordered_at,
        placings.timezone,
        placings.channel as channel_sold,
        case
            when pickups.channel is not null then pickups.channel
            when placings.record_type = 'transactions' then placings.channel
            when events.fulfilment = 'pickup' then coalesce(locations.kind, 'store')
        end as channel_fulfilled,
        coalesce(till_payments.channel, placings.channel) as channel_paid,
        first_returns.channel as channel_returned,
        pickups.occurred_at as picked_up_at,
        coalesce(placings.location_id, pickups.location_id) as location_id,
        coalesce(placings.banner, locations.banner) as banner,
        coalesce(placings.currency, {{ reporting_currency() }}) as currency,
        coalesce(updates.amount, sales.sold, line_totals.lines_total, 0)
        + coalesce(changes.newly_sold, 0) as gross_revenue,
        coalesce(changes.returned, 0) as returned,
        coalesce(changes.is_returned_whole, false) as is_returned_whole,
        changes.first_returned_at,
        cancellations.cancelled_at,
        line_totals.items,
        coalesce(conversions.is_id_derived, false) as is_order_id_derived
    from placings
    left join conversions
        on placings.touchpoint_id = conversions.touchpoint_id
    left join updates
        on placings.order_id = updates.order_id
    left join pickups
        on placings.order_id = pickups.order_id
    left join sales
        on placings.order_id = sales.order_id
    left join till_payments
        on
            placings.order_id = till_payments.order_id
            and till_payments.payment_number_from_last = 1
    left join changes
        on placings.order_id = changes.order_id
    left join first_returns
        on placings.order_id = first_returns.order_id
    left join cancellations
        on placings.order_id = cancellations.order_id
    left join line_totals
        on placings.order_id = line_totals.order_id
    left join events
        on placings.record_key = events.event_key
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
        channel_paid,
        channel_returned,
        picked_up_at,
        location_id,
        banner,
        currency,
        items,
        cast(gross_revenue as {{ type_money() }}) as gross_revenue,
        cast(case
            when cancelled_at is not null then 0
            when is_returned_whole then gross_revenue
            else returned
        end as {{ type_money() }}) as returned,
        cast(case when cancelled_at is not null then gross_revenue else 0 end as {{ type_money() }}) as cancelled,
        first_returned_at,
        cancelled_at,
        is_order_id_derived
    from amounts

)

select * from orders
