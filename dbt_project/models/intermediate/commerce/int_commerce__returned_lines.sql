-- One row per order and product given back over the counter: how many, and for how much.
with

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

transaction_orders as (

    select * from {{ ref('int_records__transaction_orders') }}

),

returned_lines as (

    select
        transaction_orders.order_id,
        transaction_lines.product_id,
        sum(-transaction_lines.quantity) as returned_quantity,
        sum({{ to_money('-transaction_lines.quantity * transaction_lines.unit_price') }}) as returned_total
    from transaction_lines
    inner join transaction_orders
        on transaction_lines.transaction_id = transaction_orders.transaction_id
    where
        transaction_lines.quantity < 0
        and transaction_lines.product_id is not null
    group by transaction_orders.order_id, transaction_lines.product_id

)

select * from returned_lines
