-- One row per order, however many channels tell of it: what was sold, given back and kept, in the order's own
-- currency.
with

order_records as (

    select * from {{ ref('int_commerce__order_records') }}

),

order_lines as (

    select * from {{ ref('int_commerce__order_lines') }}

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

returns as (

    select
        order_id,
        max(case when record_number = 1 then channel end) as channel_returned,
        min(occurred_at) as first_returned_at,
        sum(case when record_type = 'transactions' then -amount else amount end) as returned,
        max(case when amount is null then 1 else 0 end) = 1 as is_returned_whole
    from order_records
    where record_kind = 'returned'
    group by order_id

),

exchanges as (

    select
        order_id,
        sum(amount) as exchanged
    from order_records
    where record_kind = 'exchanged'
    group by order_id

),

cancellations as (

    select
        order_id,
        min(occurred_at) as cancelled_at
    from order_records
    where record_kind = 'cancelled'
    group by order_id

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
        returns.channel_returned,
        pickups.occurred_at as picked_up_at,
        coalesce(placings.location_id, pickups.location_id) as location_id,
        coalesce(placings.banner, locations.banner) as banner,
        coalesce(placings.currency, {{ reporting_currency() }}) as currency,
        coalesce(updates.amount, placings.amount, line_totals.lines_total, 0)
        + greatest(coalesce(exchanges.exchanged, 0), 0) as gross_revenue,
        coalesce(returns.returned, 0) - least(coalesce(exchanges.exchanged, 0), 0) as returned,
        coalesce(returns.is_returned_whole, false) as is_returned_whole,
        returns.first_returned_at,
        cancellations.cancelled_at,
        line_totals.items
    from placings
    left join updates
        on placings.order_id = updates.order_id
    left join pickups
        on placings.order_id = pickups.order_id
    left join returns
        on placings.order_id = returns.order_id
    left join exchanges
        on placings.order_id = exchanges.order_id
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
        cancelled_at
    from amounts

)

select * from orders
