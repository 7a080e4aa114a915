-- One row per product, currency, pair of channels and pair of conflicting prices.
with

price_exposures as (

    select * from {{ ref('int_consistency__price_exposures') }}

),

price_conflicts as (

    select
        product_id,
        currency,
        channel_a,
        price_a,
        channel_b,
        price_b,
        first_seen_at,
        last_seen_at,
        sum(sightings) as sightings,
        count(customer_id) as customers
    from price_exposures
    group by
        product_id,
        currency,
        channel_a,
        price_a,
        channel_b,
        price_b,
        first_seen_at,
        last_seen_at

)

select * from price_conflicts
