-- One row per promotion that a channel still showed, sent or accepted after its last day, what it did, and customer who
-- met it. Unknown customers share one row.
with

offer_sightings as (

    select * from {{ ref('int_consistency__offer_sightings') }}
    where
        offer_kind = 'promotion'
        and treatment <> 'refused'

),

promotions as (

    select * from {{ ref('promotions') }}

),

expired_promotions as (

    select
        promotions.promotion_id,
        promotions.ends_on,
        offer_sightings.channel,
        offer_sightings.treatment,
        offer_sightings.customer_id,
        count(distinct offer_sightings.record_key) as sightings,
        min(offer_sightings.occurred_at) as first_exposed_at,
        max(offer_sightings.occurred_at) as last_exposed_at
    from offer_sightings
    inner join promotions
        on
            offer_sightings.offer_id = promotions.promotion_id
            and offer_sightings.seen_on > promotions.ends_on
    group by
        promotions.promotion_id,
        promotions.ends_on,
        offer_sightings.channel,
        offer_sightings.treatment,
        offer_sightings.customer_id

)

select * from expired_promotions
