-- One row per order, however many channels report it.
with

orders as (

    select * from {{ ref('int_commerce__reported_orders') }}

),

attached_sales as (

    select * from {{ ref('int_commerce__attached_sales') }}

),

identified_orders as (

    select * from {{ ref('int_commerce__identified_orders') }}

),

researched_orders as (

    select * from {{ ref('int_commerce__researched_orders') }}

),

described_orders as (

    select
        orders.*,
        attached_sales.attached_to_order_id,
        identified_orders.identified_by,
        researched_orders.is_researched_online,
        researched_orders.is_researched_in_store,
        researched_orders.research_match,
        researched_orders.research_lag_days
    from orders
    inner join identified_orders
        on orders.order_id = identified_orders.order_id
    left join attached_sales
        on orders.order_id = attached_sales.order_id
    left join researched_orders
        on orders.order_id = researched_orders.order_id

)

select * from described_orders
