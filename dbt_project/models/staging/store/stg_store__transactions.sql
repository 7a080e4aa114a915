-- One row per transaction of a point of sale: a sale, a return, a pickup or an exchange.
with

raw_transactions as (

    select * from {{ source('raw', 'store_transactions') }}

),

typed_transactions as (

    select
        {{ clean_text('transaction_id') }} as transaction_id,
        {{ clean_text('location_id') }} as location_id,
        {{ clean_text('register_id') }} as register_id,
        {{ clean_text('member_id') }} as member_id,
        {{ clean_text('customer_email') }} as customer_email,
        {{ clean_text('customer_phone') }} as customer_phone,
        {{ clean_text('payment_token') }} as payment_token,
        {{ clean_text('order_id') }} as order_id,
        lower({{ clean_text('kind') }}) as kind,
        upper({{ clean_text('currency') }}) as currency,
        cast(subtotal as {{ type_money() }}) as subtotal,
        cast(discount as {{ type_money() }}) as discount,
        cast(tax as {{ type_money() }}) as tax,
        cast(total as {{ type_money() }}) as total,
        cast(
            coalesce(total - coalesce(tax, 0), subtotal - coalesce(discount, 0)) as {{ type_money() }}
        ) as net_total,
        {{ to_utc('occurred_at') }} as occurred_at,
        {{ to_utc('updated_at') }} as updated_at,
        {{ to_utc('loaded_at') }} as loaded_at
    from raw_transactions

),

-- A point of sale without a kind for returns writes a sale with a minus; one that has the kind may leave the minus
-- out.
transactions as (

    select
        transaction_id,
        location_id,
        register_id,
        member_id,
        customer_email,
        customer_phone,
        payment_token,
        order_id,
        currency,
        subtotal,
        discount,
        tax,
        occurred_at,
        updated_at,
        loaded_at,
        case when kind = 'sale' and net_total < 0 then 'return' else kind end as kind,
        case when kind = 'return' then -abs(total) else total end as total,
        case when kind = 'return' then -abs(net_total) else net_total end as net_total
    from typed_transactions

)

select * from transactions
