-- One row per cart of one customer until its purchase, and product, with quantity and price. The quantity is what was
-- added less what was removed, or, if no addition was recorded, the quantity last listed in the cart.
with

cart_touchpoints as (

    select * from {{ ref('int_carts__touchpoints') }}

),

event_products as (

    select * from {{ ref('int_records__event_products') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

line_sightings as (

    select
        cart_touchpoints.cart_node,
        cart_touchpoints.customer_id,
        cart_touchpoints.journey_id,
        cart_touchpoints.customer_position,
        cart_touchpoints.touchpoint_type,
        event_products.product_id,
        event_products.quantity,
        event_products.price,
        event_products.currency
    from cart_touchpoints
    inner join event_products
        on cart_touchpoints.record_key = event_products.event_key
    union all
    select
        cart_touchpoints.cart_node,
        cart_touchpoints.customer_id,
        cart_touchpoints.journey_id,
        cart_touchpoints.customer_position,
        cart_touchpoints.touchpoint_type,
        transaction_lines.product_id,
        transaction_lines.quantity,
        transaction_lines.unit_price as price,
        cast(null as {{ dbt.type_string() }}) as currency
    from cart_touchpoints
    inner join transaction_lines
        on
            cart_touchpoints.record_key
            = {{ record_key("'store'", "'transactions'", 'transaction_lines.transaction_id') }}
    where transaction_lines.product_id is not null

),

-- A list may contain a product twice, as receipts do: its quantity is the sum of its lines.
sightings as (

    select
        cart_node,
        customer_id,
        journey_id,
        customer_position,
        touchpoint_type,
        product_id,
        sum(quantity) as quantity,
        max(price) as price,
        max(currency) as currency
    from line_sightings
    group by cart_node, customer_id, journey_id, customer_position, touchpoint_type, product_id

),

ranked_sightings as (

    select
        *,
        row_number() over (
            partition by cart_node, product_id
            order by customer_position desc
        ) as recency_rank,
        row_number() over (
            partition by cart_node, product_id
            order by case when price is null then 1 else 0 end, customer_position desc
        ) as price_rank
    from sightings

),

cart_lines as (

    select
        cart_node,
        customer_id,
        product_id,
        max(journey_id) as journey_id,
        sum(
            case
                when touchpoint_type in ('product_added', 'wishlist_product_added_to_cart') then quantity
                when touchpoint_type = 'product_removed' then -quantity
                else 0
            end
        ) as quantity_added,
        max(
            case when touchpoint_type in ('product_added', 'wishlist_product_added_to_cart') then 1 else 0 end
        ) = 1 as is_seen_added,
        max(case when recency_rank = 1 then touchpoint_type end) as last_touchpoint_type,
        max(case when recency_rank = 1 then quantity end) as quantity_listed,
        max(case when price_rank = 1 then price end) as price,
        max(case when price_rank = 1 then currency end) as currency
    from ranked_sightings
    group by cart_node, customer_id, product_id

)

select
    cart_node,
    customer_id,
    product_id,
    journey_id,
    cast(case
        when is_seen_added then greatest(quantity_added, 0)
        when last_touchpoint_type = 'product_removed' then 0
        else quantity_listed
    end as {{ type_money() }}) as quantity,
    cast(price as {{ type_money() }}) as price,
    currency
from cart_lines
