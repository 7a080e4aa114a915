-- One row per product that an event names, with its price and quantity, however they are written.
{{ config(materialized='view') }}

with

event_products as (

    select * from {{ ref('stg_segment__event_products') }}

),

amounts as (

    select * from {{ ref('int_records__amounts') }}

),

read_products as (

    select
        event_products.event_key,
        event_products.source_system,
        event_products.line_number,
        event_products.product_id,
        event_products.coupon,
        coalesce(event_products.price, prices.amount) as price,
        case
            when event_products.quantity_text is null then coalesce(event_products.quantity, 1)
            else quantities.amount
        end as quantity,
        coalesce(named_currencies.currency, event_products.currency, prices.currency) as currency,
        (event_products.price_text is not null and prices.amount is null)
        or (event_products.quantity_text is not null and quantities.amount is null) as is_unreadable
    from event_products
    left join amounts as prices
        on
            event_products.price_text = prices.written
            and coalesce(event_products.currency, '') = prices.stated_currency
            and prices.kind = 'money'
    left join amounts as quantities
        on
            event_products.quantity_text = quantities.written
            and quantities.kind = 'quantity'
    left join amounts as named_currencies
        on
            event_products.currency = named_currencies.written
            and named_currencies.kind = 'currency'

)

select * from read_products
