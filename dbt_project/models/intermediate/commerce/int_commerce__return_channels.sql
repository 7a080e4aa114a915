-- One row per order and product with a return or refund, with the channel of the first one.
with

order_records as (

    select * from {{ ref('int_commerce__order_records') }}
    where record_kind in ('returned', 'exchanged')

),

transaction_lines as (

    select
        {{ record_key("'store'", "'transactions'", 'transaction_id') }} as record_key,
        product_id
    from {{ ref('stg_store__transaction_lines') }}
    where quantity < 0

),

event_products as (

    select
        event_key as record_key,
        product_id
    from {{ ref('int_records__event_products') }}

),

returned_products as (

    select * from transaction_lines
    union all
    select * from event_products

),

ranked_returns as (

    select
        order_records.order_id,
        returned_products.product_id,
        order_records.channel as channel_returned,
        row_number() over (
            partition by order_records.order_id, returned_products.product_id
            order by order_records.occurred_at, order_records.touchpoint_id
        ) as return_rank
    from order_records
    inner join returned_products
        on order_records.record_key = returned_products.record_key
    where returned_products.product_id is not null

),

return_channels as (

    select
        order_id,
        product_id,
        channel_returned
    from ranked_returns
    where return_rank = 1

)

select * from return_channels
