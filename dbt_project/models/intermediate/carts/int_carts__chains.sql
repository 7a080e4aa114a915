-- One row per cart or order, with its chain, named by the chain's smallest cart. Two carts, or a cart and an order, are
-- linked if they have the same product in the same journey. Every cart is linked with itself.
{{ config(materialized='connected_components') }}

with

cart_touchpoints as (

    select * from {{ ref('int_carts__touchpoints') }}

),

cart_lines as (

    select * from {{ ref('int_carts__lines') }}

),

product_carts as (

    select distinct
        cart_touchpoints.journey_id,
        cart_lines.product_id,
        cart_lines.cart_node
    from cart_lines
    inner join cart_touchpoints
        on cart_lines.cart_node = cart_touchpoints.cart_node
    where cart_touchpoints.journey_id is not null

),

same_product_carts as (

    select
        cart_node as left_node,
        min(cart_node) over (partition by journey_id, product_id) as right_node
    from product_carts

),

single_carts as (

    select distinct
        cart_node as left_node,
        cart_node as right_node
    from cart_touchpoints

),

cart_links as (

    select * from same_product_carts
    union
    select * from single_carts

)

select * from cart_links
