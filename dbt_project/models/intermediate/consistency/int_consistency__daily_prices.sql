-- One row per product, currency, channel, day and price that was seen there on that day.
with

price_sightings as (

    select * from {{ ref('int_consistency__price_sightings') }}

),

daily_prices as (

    select
        product_id,
        currency,
        channel,
        seen_on,
        price,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        count(*) as sightings
    from price_sightings
    group by product_id, currency, channel, seen_on, price

)

select * from daily_prices
