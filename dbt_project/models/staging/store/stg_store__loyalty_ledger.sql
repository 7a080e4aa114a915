-- One row per entry in a member's loyalty account.
with

raw_loyalty_ledger as (

    select * from {{ source('raw', 'store_loyalty_ledger') }}

),

loyalty_ledger as (

    select
        {{ clean_text('entry_id') }} as entry_id,
        {{ clean_text('member_id') }} as member_id,
        lower({{ clean_text('kind') }}) as kind,
        cast(points as {{ type_money() }}) as points,
        cast(amount as {{ type_money() }}) as amount,
        upper({{ clean_text('currency') }}) as currency,
        lower({{ clean_text('channel') }}) as channel,
        {{ clean_text('transaction_id') }} as transaction_id,
        {{ clean_text('order_id') }} as order_id,
        {{ to_utc('occurred_at') }} as occurred_at,
        {{ to_utc('updated_at') }} as updated_at,
        {{ to_utc('loaded_at') }} as loaded_at
    from raw_loyalty_ledger

)

select * from loyalty_ledger
