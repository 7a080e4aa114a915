-- One row per entry of the loyalty ledger, with the balance after it.
with

entries as (

    select * from {{ ref('stg_store__loyalty_ledger') }}

),

transaction_orders as (

    select * from {{ ref('int_records__transaction_orders') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

customer_entries as (

    select
        entries.entry_id,
        record_customers.customer_id,
        entries.occurred_at,
        entries.kind,
        entries.points,
        entries.amount,
        entries.currency,
        coalesce(entries.channel, 'other') as channel,
        coalesce(entries.order_id, transaction_orders.order_id, entries.transaction_id) as order_id
    from entries
    left join transaction_orders
        on entries.transaction_id = transaction_orders.transaction_id
    left join record_customers
        on record_customers.record_key = {{ record_key("'store'", "'loyalty_ledger'", 'entries.entry_id') }}
    where {{ is_external_customer('record_customers.customer_id') }}

),

balances as (

    select
        entry_id,
        customer_id,
        occurred_at,
        channel,
        kind,
        points,
        cast(sum(points) over (
            partition by customer_id
            order by occurred_at, entry_id
            rows between unbounded preceding and current row
        ) as {{ type_money() }}) as balance,
        amount,
        currency,
        order_id
    from customer_entries

)

select * from balances
