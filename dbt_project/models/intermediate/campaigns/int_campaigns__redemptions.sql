-- One row per conversion in which a customer redeemed a coupon of a campaign: that of the last message with the coupon
-- that they were sent before; if there is none, as for a coupon that was passed on, the first campaign that has it.
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
    where channel_group = 'messaging'

),

coupon_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.occurred_at,
        touchpoints.channel,
        touchpoints.campaign_id,
        touchpoints.is_conversion,
        channels.channel is not null as is_message,
        touchpoint_keys.key_value as coupon,
        {{ local_date('touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')") }} as occurred_on
    from touchpoints
    inner join touchpoint_keys
        on touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    left join channels
        on touchpoints.channel = channels.channel

),

offers as (

    select * from coupon_touchpoints
    where
        is_message
        and campaign_id is not null

),

coupon_campaigns as (

    select
        coupon,
        campaign_id,
        channel,
        row_number() over (partition by coupon order by min(occurred_at), campaign_id, channel) as campaign_rank
    from offers
    group by coupon, campaign_id, channel

),

redeemed_coupons as (

    select
        conversions.touchpoint_id,
        conversions.customer_id,
        conversions.coupon,
        conversions.occurred_on as redeemed_on,
        offers.campaign_id,
        offers.channel,
        row_number() over (
            partition by conversions.touchpoint_id, conversions.coupon
            order by offers.occurred_at desc, offers.touchpoint_id desc
        ) as offer_rank
    from coupon_touchpoints as conversions
    left join offers
        on
            conversions.customer_id = offers.customer_id
            and conversions.coupon = offers.coupon
            and conversions.occurred_at >= offers.occurred_at
    where conversions.is_conversion

),

redemptions as (

    select
        redeemed_coupons.touchpoint_id,
        redeemed_coupons.customer_id,
        redeemed_coupons.coupon,
        redeemed_coupons.redeemed_on,
        coalesce(redeemed_coupons.campaign_id, coupon_campaigns.campaign_id) as campaign_id,
        coalesce(redeemed_coupons.channel, coupon_campaigns.channel) as channel
    from redeemed_coupons
    left join coupon_campaigns
        on
            redeemed_coupons.coupon = coupon_campaigns.coupon
            and coupon_campaigns.campaign_rank = 1
    where
        redeemed_coupons.offer_rank = 1
        and coalesce(redeemed_coupons.campaign_id, coupon_campaigns.campaign_id) is not null

)

select * from redemptions
