-- One row per product and record that shows or charges a price for it: the price of one piece, the channel,
-- and who saw it.
with

touchpoints as {{ not_materialized() }} (

    select * from {{ ref('int_touchpoints__classified') }}
    where {{ is_counted() }}

),

event_products as (

    select * from {{ ref('int_records__event_products') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

shown_prices as (

    select
        touchpoints.record_key,
        touchpoints.customer_id,
        touchpoints.channel,
        touchpoints.occurred_at,
        event_products.product_id,
        event_products.price,
        event_products.currency
    from touchpoints
    inner join event_products
        on touchpoints.record_key = event_products.event_key
    where
        event_products.price > 0
        and event_products.coupon is null

),

charged_prices as (

    select
        touchpoints.record_key,
        touchpoints.customer_id,
        touchpoints.channel,
        touchpoints.occurred_at,
        transaction_lines.product_id,
        transaction_lines.unit_price as price,
        touchpoints.currency
    from touchpoints
    inner join transaction_lines
        on touchpoints.record_key = {{ record_key("'store'", "'transactions'", "transaction_lines.transaction_id") }}
    where
        transaction_lines.unit_price > 0
        and transaction_lines.quantity > 0
        and transaction_lines.product_id is not null

),

all_prices as (

    select * from shown_prices
    union all
    select * from charged_prices

),

price_sightings as (

    select
        record_key,
        customer_id,
        channel,
        occurred_at,
        cast(occurred_at as date) as seen_on,
        product_id,
        price,
        currency
    from all_prices
    where currency is not null

)

select * from price_sightings
