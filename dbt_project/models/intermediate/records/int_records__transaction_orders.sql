-- One row per till transaction: the order that it belongs to.
-- A sale without an order id is an order of its own, a return belongs to the order of the sale that it gives
-- back.
with

transactions as (

    select * from {{ ref('stg_store__transactions') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

given_back as (

    select
        transaction_id,
        min(returned_transaction_id) as returned_transaction_id
    from transaction_lines
    where returned_transaction_id is not null
    group by transaction_id

),

transaction_orders as (

    select
        transactions.transaction_id,
        coalesce(
            transactions.order_id,
            original_transactions.order_id,
            given_back.returned_transaction_id,
            transactions.transaction_id
        ) as order_id
    from transactions
    left join given_back
        on transactions.transaction_id = given_back.transaction_id
    left join transactions as original_transactions
        on given_back.returned_transaction_id = original_transactions.transaction_id

)

select * from transaction_orders
