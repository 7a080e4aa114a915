-- One row per record and promotion, coupon or piece of content that it shows, and what it says of it.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        not is_arrival
        and {{ is_counted() }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where key_type = 'coupon'

),

offers as (

    select * from {{ ref('stg_segment__offers') }}

),

named_offers as (

    select
        event_key as record_key,
        offer_kind,
        offer_id,
        wording
    from offers

),

named_coupons as (

    select
        touchpoint_id as record_key,
        'promotion' as offer_kind,
        key_value as offer_id,
        cast(null as {{ dbt.type_string() }}) as wording
    from touchpoint_keys

),

all_offers as (

    select * from named_offers
    union all
    select * from named_coupons

),

offer_sightings as (

    select
        all_offers.record_key,
        all_offers.offer_kind,
        all_offers.offer_id,
        all_offers.wording,
        touchpoints.customer_id,
        touchpoints.channel,
        touchpoints.occurred_at,
        {{ local_date('touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')") }} as seen_on,
        case
            when touchpoints.touchpoint_type = 'coupon_denied' then 'refused'
            when touchpoints.touchpoint_type = 'coupon_applied' or touchpoints.is_conversion then 'accepted'
            when touchpoints.direction = 'outbound' then 'sent'
            else 'shown'
        end as treatment
    from all_offers
    inner join touchpoints
        on all_offers.record_key = touchpoints.touchpoint_id

)

select * from offer_sightings
