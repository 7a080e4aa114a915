-- One row per customer and product in which they showed interest: the strongest sign, and when they last showed it.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and direction = 'inbound'
        and {{ is_counted() }}
        and touchpoint_type in (
            'product_added', 'wishlist_product_added_to_cart', 'product_added_to_wishlist',
            'product_viewed', 'product_clicked', 'product_compared', 'product_configured', 'product_scanned',
            'ar_product_placed', 'product_out_of_stock'
        )

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where key_type = 'product_id'

),

signs as (

    select
        touchpoints.customer_id,
        touchpoint_keys.key_value as product_id,
        touchpoints.occurred_at,
        case
            when touchpoints.touchpoint_type in ('product_added', 'wishlist_product_added_to_cart') then 1
            when touchpoints.touchpoint_type = 'product_added_to_wishlist' then 2
            else 3
        end as sign_order
    from touchpoints
    inner join touchpoint_keys
        on touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id

),

interests as (

    select
        customer_id,
        product_id,
        min(sign_order) as sign_order,
        max(occurred_at) as last_shown_at
    from signs
    group by customer_id, product_id

),

ranked_interests as (

    select
        customer_id,
        product_id,
        last_shown_at,
        case sign_order when 1 then 'cart' when 2 then 'wish_list' else 'view' end as interest,
        row_number() over (
            partition by customer_id
            order by sign_order asc, last_shown_at desc, product_id asc
        ) as interest_rank
    from interests

)

select * from ranked_interests
where interest_rank <= {{ var('recommendation_products_per_customer') }}
