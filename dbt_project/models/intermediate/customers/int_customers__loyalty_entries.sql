-- One row per entry of the loyalty ledger, with the points and the money on the card after it. A reversal references
-- the entry that it takes back: the last one before it on the same order with the opposite sign.
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

kinds as (

    select * from {{ ref('loyalty_kinds') }}

),

customer_entries as (

    select
        entries.entry_id,
        entries.member_id,
        record_customers.customer_id,
        entries.occurred_at,
        entries.kind,
        entries.points,
        entries.amount,
        entries.currency,
        coalesce(entries.channel, 'other') as channel,
        coalesce(entries.order_id, transaction_orders.order_id, entries.transaction_id) as order_id,
        coalesce(kinds.is_reversal, false) as is_reversal,
        case kinds.stored_value
            when 'adds' then abs(entries.amount)
            when 'takes' then -abs(entries.amount)
            when 'as_signed' then entries.amount
        end as stored_value
    from entries
    left join transaction_orders
        on entries.transaction_id = transaction_orders.transaction_id
    left join kinds
        on entries.kind = kinds.kind
    left join record_customers
        on record_customers.record_key = {{ record_key("'store'", "'loyalty_ledger'", 'entries.entry_id') }}
    where {{ is_external_customer('record_customers.customer_id') }}

),

reversible_entries as (

    select
        reversals.entry_id,
        earlier_entries.entry_id as reverses_entry_id,
        row_number() over (
            partition by reversals.entry_id
            order by earlier_entries.occurred_at desc, earlier_entries.entry_id desc
        ) as recency_rank
    from customer_entries as reversals
    inner join customer_entries as earlier_entries
        on
            reversals.member_id = earlier_entries.member_id
            and reversals.order_id = earlier_entries.order_id
            and reversals.occurred_at >= earlier_entries.occurred_at
    where
        reversals.is_reversal
        and not earlier_entries.is_reversal
        and (
            reversals.points * earlier_entries.points < 0
            or reversals.stored_value * earlier_entries.stored_value < 0
        )

),

-- Entries without money show the card's balance in the currency that the customer uses.
money_entries as (

    select
        *,
        case when stored_value is not null then currency end as money_currency
    from customer_entries

),

currency_entries as (

    select
        *,
        coalesce(
            money_currency,
            min(money_currency) over (partition by customer_id)
        ) as stored_value_currency
    from money_entries

),

loyalty_entries as (

    select
        currency_entries.entry_id,
        currency_entries.customer_id,
        currency_entries.occurred_at,
        currency_entries.channel,
        currency_entries.kind,
        currency_entries.points,
        cast(sum(currency_entries.points) over (
            partition by currency_entries.customer_id
            order by currency_entries.occurred_at, currency_entries.entry_id
            rows between unbounded preceding and current row
        ) as {{ type_money() }}) as balance,
        currency_entries.amount,
        currency_entries.currency,
        cast(coalesce(currency_entries.stored_value, 0) as {{ type_money() }}) as stored_value_change,
        cast(coalesce(sum(currency_entries.stored_value) over (
            partition by currency_entries.customer_id, currency_entries.stored_value_currency
            order by currency_entries.occurred_at, currency_entries.entry_id
            rows between unbounded preceding and current row
        ), 0) as {{ type_money() }}) as stored_value_balance,
        currency_entries.stored_value_currency,
        currency_entries.order_id,
        currency_entries.is_reversal,
        reversible_entries.reverses_entry_id
    from currency_entries
    left join reversible_entries
        on
            currency_entries.entry_id = reversible_entries.entry_id
            and reversible_entries.recency_rank = 1

)

select * from loyalty_entries
