-- One row per customer with something left in a cart: the cart last used, not bought, within the journey
-- timeout.
with

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where
        key_type = 'cart_id'
        and customer_id is not null

),

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}

),

carts as (

    select
        touchpoints.customer_id,
        touchpoint_keys.key_value as cart_id,
        max(touchpoints.occurred_at) as last_used_at,
        max(case when touchpoints.is_conversion then 1 else 0 end) as is_bought
    from touchpoint_keys
    inner join touchpoints
        on touchpoint_keys.touchpoint_id = touchpoints.touchpoint_id
    group by touchpoints.customer_id, touchpoint_keys.key_value

),

ranked_carts as (

    select
        *,
        row_number() over (partition by customer_id order by last_used_at desc, cart_id asc) as recency_rank
    from carts
    where is_bought = 0

),

open_carts as (

    select
        customer_id,
        cart_id,
        last_used_at
    from ranked_carts
    where
        recency_rank = 1
        and {{ seconds_between('last_used_at', run_at()) }} <= {{ var('journey_timeout_days') * 86400 }}

)

select * from open_carts
