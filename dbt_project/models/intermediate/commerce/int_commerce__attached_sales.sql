-- One row per sale in a store in which its customer picked up an order within the hour, with the picked-up order
-- nearest in time.
with

order_records as (

    select * from {{ ref('int_commerce__order_records') }}
    where
        customer_id is not null
        and location_id is not null

),

orders as (

    select * from {{ ref('int_commerce__orders') }}

),

-- The record of the order itself may not have arrived yet.
pickups as (

    select order_records.*
    from order_records
    inner join orders
        on order_records.order_id = orders.order_id
    where order_records.record_kind = 'picked_up'

),

sales as (

    select * from order_records
    where
        record_kind = 'placed'
        and record_type = 'transactions'

),

attachable_sales as (

    select
        sales.order_id,
        pickups.order_id as attached_to_order_id,
        row_number() over (
            partition by sales.order_id
            order by abs({{ seconds_between('pickups.occurred_at', 'sales.occurred_at') }}), pickups.order_id
        ) as pickup_rank
    from sales
    inner join pickups
        on
            sales.customer_id = pickups.customer_id
            and sales.location_id = pickups.location_id
            and sales.order_id <> pickups.order_id
            and abs({{ seconds_between('pickups.occurred_at', 'sales.occurred_at') }})
            <= {{ var('attached_sale_minutes') }} * 60

),

attached_sales as (

    select
        order_id,
        attached_to_order_id
    from attachable_sales
    where pickup_rank = 1

)

select * from attached_sales
