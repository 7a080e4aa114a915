-- One row per order, however many channels report it.
with

orders as (

    select * from {{ ref('int_commerce__reported_orders') }}

)

select * from orders
