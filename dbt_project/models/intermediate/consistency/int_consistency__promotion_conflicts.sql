-- One row per coupon and pair of channels of which one refused what the other offered or accepted.
with

refused_coupons as (

    select * from {{ ref('int_consistency__refused_coupons') }}

),

promotion_conflicts as (

    select
        coupon,
        refused_on,
        promised_on,
        min(treatment) as treatment,
        count(distinct touchpoint_id) as refusals,
        count(distinct customer_id) as customers,
        min(greatest(refused_at, promised_at)) as first_seen_at,
        max(greatest(refused_at, promised_at)) as last_seen_at
    from refused_coupons
    group by coupon, refused_on, promised_on

)

select * from promotion_conflicts
