-- One row per touchpoint with a cart, and per order without one, with the cart of one customer until its purchase. A
-- cart id that is used again after a purchase is a new cart.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and {{ is_counted() }}
        and not is_arrival

),

cart_keys as (

    select
        touchpoint_id,
        min(key_value) as cart_id
    from {{ ref('int_touchpoints__keys') }}
    where key_type = 'cart_id'
    group by touchpoint_id

),

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

carried_carts as (

    select
        touchpoints.touchpoint_id,
        touchpoints.record_key,
        touchpoints.customer_id,
        touchpoints.customer_position,
        journey_touchpoints.journey_id,
        touchpoints.occurred_at,
        touchpoints.channel,
        touchpoints.device_key,
        touchpoints.direction,
        touchpoints.touchpoint_type,
        cart_keys.cart_id,
        touchpoints.is_conversion and touchpoints.conversion_kind = 'order' as is_purchase,
        case when touchpoints.conversion_kind = 'order' then touchpoints.conversion_id end as order_id
    from touchpoints
    left join cart_keys
        on touchpoints.touchpoint_id = cart_keys.touchpoint_id
    left join journey_touchpoints
        on touchpoints.touchpoint_id = journey_touchpoints.touchpoint_id
    where
        cart_keys.cart_id is not null
        or (touchpoints.is_conversion and touchpoints.conversion_kind = 'order')

),

numbered_carts as (

    select
        *,
        coalesce(sum(case when is_purchase then 1 else 0 end) over (
            partition by customer_id, cart_id
            order by customer_position
            rows between unbounded preceding and 1 preceding
        ), 0) as purchases_before
    from carried_carts

),

cart_touchpoints as (

    select
        touchpoint_id,
        record_key,
        customer_id,
        customer_position,
        journey_id,
        occurred_at,
        channel,
        device_key,
        direction,
        touchpoint_type,
        cart_id,
        is_purchase,
        order_id,
        case
            when cart_id is null then {{ dbt.concat(["'order:'", 'touchpoint_id']) }}
            else {{ dbt.concat([
                'customer_id', "':'", dbt.cast('purchases_before', dbt.type_string()), "':'", 'cart_id'
            ]) }}
        end as cart_node
    from numbered_carts

)

select * from cart_touchpoints
