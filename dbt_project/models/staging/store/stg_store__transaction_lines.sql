-- One row per line of a store transaction.
with

raw_transaction_lines as (

    select * from {{ source('raw', 'store_transaction_lines') }}

),

transaction_lines as (

    select
        {{ clean_text('transaction_id') }} as transaction_id,
        line_number,
        {{ clean_text('product_id') }} as product_id,
        cast(quantity as {{ type_money() }}) as quantity,
        cast(unit_price as {{ type_money() }}) as unit_price,
        cast(discount as {{ type_money() }}) as discount,
        {{ clean_text('returned_transaction_id') }} as returned_transaction_id,
        {{ to_utc('updated_at') }} as updated_at,
        {{ to_utc('loaded_at') }} as loaded_at
    from raw_transaction_lines

)

select * from transaction_lines
