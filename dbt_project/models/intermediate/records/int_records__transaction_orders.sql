-- One row per point-of-sale transaction, with its order. A sale without an order id is an order of its own; a return
-- belongs to the order of the returned sale. A receipt with the number of an order placed elsewhere is a different
-- order with its own id, unless both report the same amount within a day.
with

transactions as (

    select * from {{ ref('stg_store__transactions') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

events as (

    select * from {{ ref('int_records__events') }}
    where order_id is not null

),

order_events as (

    select * from {{ ref('touchpoint_types') }}
    where
        source = 'segment'
        and conversion_kind = 'order'

),

placed_orders as (

    select
        events.order_id,
        events.occurred_at,
        events.amount
    from events
    inner join order_events
        on lower(events.event_name) = lower(order_events.event)

),

shared_numbers as (

    select
        transactions.transaction_id,
        max(case
            when
                placed_orders.amount in (transactions.net_total, transactions.total)
                and abs({{ seconds_between('transactions.occurred_at', 'placed_orders.occurred_at') }}) <= 86400
                then 1
            else 0
        end) = 1 as is_same_sale
    from transactions
    inner join placed_orders
        on transactions.transaction_id = placed_orders.order_id
    group by transactions.transaction_id

),

sale_orders as (

    select
        transactions.transaction_id,
        shared_numbers.transaction_id is not null as is_number_of_an_order,
        coalesce(
            transactions.order_id,
            case
                when not shared_numbers.is_same_sale
                    then {{ dbt.concat(["'receipt:'", 'transactions.transaction_id']) }}
                else transactions.transaction_id
            end
        ) as order_id
    from transactions
    left join shared_numbers
        on transactions.transaction_id = shared_numbers.transaction_id

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
        sale_orders.is_number_of_an_order,
        coalesce(
            transactions.order_id,
            original_sales.order_id,
            given_back.returned_transaction_id,
            sale_orders.order_id
        ) as order_id
    from transactions
    inner join sale_orders
        on transactions.transaction_id = sale_orders.transaction_id
    left join given_back
        on transactions.transaction_id = given_back.transaction_id
    left join sale_orders as original_sales
        on given_back.returned_transaction_id = original_sales.transaction_id

)

select * from transaction_orders
