-- One row per pair of conflicting prices and customer who saw either during the conflict. Unknown customers share one
-- row.
with

disagreements as (

    select * from {{ ref('int_consistency__price_disagreements') }}

),

price_sightings as (

    select * from {{ ref('int_consistency__price_sightings') }}

),

price_exposures as (

    select
        disagreements.product_id,
        disagreements.currency,
        disagreements.channel_a,
        disagreements.price_a,
        disagreements.channel_b,
        disagreements.price_b,
        disagreements.first_seen_at,
        disagreements.last_seen_at,
        price_sightings.customer_id,
        count(*) as sightings,
        max(case when price_sightings.channel = disagreements.channel_a then 1 else 0 end) = 1 as saw_side_a,
        max(case when price_sightings.channel = disagreements.channel_b then 1 else 0 end) = 1 as saw_side_b,
        min(price_sightings.occurred_at) as first_exposed_at,
        max(price_sightings.occurred_at) as last_exposed_at
    from disagreements
    inner join price_sightings
        on
            disagreements.product_id = price_sightings.product_id
            and disagreements.currency = price_sightings.currency
            and disagreements.began_at <= price_sightings.occurred_at
            and disagreements.last_seen_at >= price_sightings.occurred_at
            and (
                (disagreements.channel_a = price_sightings.channel and disagreements.price_a = price_sightings.price)
                or (disagreements.channel_b = price_sightings.channel and disagreements.price_b = price_sightings.price)
            )
    group by
        disagreements.product_id,
        disagreements.currency,
        disagreements.channel_a,
        disagreements.price_a,
        disagreements.channel_b,
        disagreements.price_b,
        disagreements.first_seen_at,
        disagreements.last_seen_at,
        price_sightings.customer_id

)

select * from price_exposures
