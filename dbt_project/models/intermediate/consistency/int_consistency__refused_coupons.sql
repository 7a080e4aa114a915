-- One row per coupon that a channel refused although another one offered or accepted it within the comparison days,
-- and offer or acceptance.
-- A coupon refused to a person who had used it up before is no conflict.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where {{ is_counted() }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where key_type = 'coupon'

),

channels as (

    select * from {{ ref('channels') }}

),

coupon_sightings as (

    select
        touchpoint_keys.key_value as coupon,
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.channel,
        touchpoints.occurred_at,
        case
            when touchpoints.touchpoint_type = 'coupon_denied' then 'refused'
            when touchpoints.touchpoint_type = 'coupon_applied' or touchpoints.is_conversion then 'accepted'
            when
                channels.channel_group = 'messaging'
                or touchpoints.touchpoint_type in ('promotion_viewed', 'promotion_clicked')
                then 'offered'
        end as treatment
    from touchpoints
    inner join touchpoint_keys
        on touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    inner join channels
        on touchpoints.channel = channels.channel

),

used_coupons as (

    select
        coupon,
        customer_id,
        min(occurred_at) as first_used_at
    from coupon_sightings
    where
        treatment = 'accepted'
        and customer_id is not null
    group by coupon, customer_id

),

refusals as (

    select coupon_sightings.*
    from coupon_sightings
    left join used_coupons
        on
            coupon_sightings.coupon = used_coupons.coupon
            and coupon_sightings.customer_id = used_coupons.customer_id
            and coupon_sightings.occurred_at > used_coupons.first_used_at
    where
        coupon_sightings.treatment = 'refused'
        and used_coupons.coupon is null

),

refused_coupons as (

    select
        refusals.coupon,
        refusals.touchpoint_id,
        refusals.customer_id,
        refusals.channel as refused_on,
        refusals.occurred_at as refused_at,
        promises.channel as promised_on,
        promises.treatment,
        promises.occurred_at as promised_at
    from refusals
    inner join coupon_sightings as promises
        on
            refusals.coupon = promises.coupon
            and refusals.channel <> promises.channel
            and promises.treatment in ('offered', 'accepted')
    where
        abs({{ days_between('promises.occurred_at', 'refusals.occurred_at') }}) <= {{ var('consistency_days') }}

)

select * from refused_coupons
