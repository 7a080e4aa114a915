-- One row per conflict that concerns everybody and known customer who met it, by what the two sides say.
with

price_exposures as (

    select * from {{ ref('int_consistency__price_exposures') }}

),

offer_exposures as (

    select * from {{ ref('int_consistency__offer_exposures') }}

),

expired_promotions as (

    select * from {{ ref('int_consistency__expired_promotions') }}

),

refused_coupons as (

    select * from {{ ref('int_consistency__refused_coupons') }}

),

refusals as (

    select
        coupon,
        refused_on,
        promised_on,
        customer_id,
        touchpoint_id,
        refused_at,
        min(treatment) over (partition by coupon, refused_on, promised_on) as treatment
    from refused_coupons

),

all_exposures as (

    select
        'price' as conflict,
        product_id as subject,
        channel_a,
        {{ money_text('price_a') }} as value_a,
        channel_b,
        {{ money_text('price_b') }} as value_b,
        currency,
        customer_id,
        sightings,
        saw_side_a,
        saw_side_b,
        first_exposed_at,
        last_exposed_at
    from price_exposures
    union all
    select
        case offer_kind when 'content' then 'content' else 'offer' end as conflict,
        offer_id as subject,
        channel_a,
        wording_a as value_a,
        channel_b,
        wording_b as value_b,
        cast(null as {{ dbt.type_string() }}) as currency,
        customer_id,
        sightings,
        saw_side_a,
        saw_side_b,
        first_exposed_at,
        last_exposed_at
    from offer_exposures
    union all
    select
        'expired_promotion' as conflict,
        promotion_id as subject,
        channel as channel_a,
        treatment as value_a,
        channel as channel_b,
        {{ ended_on('ends_on') }} as value_b,
        cast(null as {{ dbt.type_string() }}) as currency,
        customer_id,
        sightings,
        true as saw_side_a,
        false as saw_side_b,
        first_exposed_at,
        last_exposed_at
    from expired_promotions
    union all
    select
        'promotion' as conflict,
        coupon as subject,
        case when refused_on < promised_on then refused_on else promised_on end as channel_a,
        case when refused_on < promised_on then 'refused' else treatment end as value_a,
        case when refused_on < promised_on then promised_on else refused_on end as channel_b,
        case when refused_on < promised_on then treatment else 'refused' end as value_b,
        cast(null as {{ dbt.type_string() }}) as currency,
        customer_id,
        count(distinct touchpoint_id) as sightings,
        refused_on < promised_on as saw_side_a,
        refused_on > promised_on as saw_side_b,
        min(refused_at) as first_exposed_at,
        max(refused_at) as last_exposed_at
    from refusals
    group by coupon, refused_on, promised_on, treatment, customer_id

),

exposures as (

    select * from all_exposures
    where customer_id is not null

)

select * from exposures
