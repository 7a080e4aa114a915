-- A row is a cart id with a person behind it that no cart of that person has, or a cart bought before it was begun.
with

cart_touchpoints as (

    select * from {{ ref('int_carts__touchpoints') }}
    where cart_id is not null

),

cart_chains as (

    select * from {{ ref('int_carts__chains') }}

),

carts as (

    select * from {{ ref('fct_carts') }}

),

lost_touchpoints as (

    select cart_touchpoints.touchpoint_id
    from cart_touchpoints
    left join cart_chains
        on cart_touchpoints.cart_node = cart_chains.node
    left join carts
        on carts.cart_key = {{ dbt.concat(["'crt_'", dbt.hash('cart_chains.component')]) }}
    where
        carts.cart_key is null
        or carts.customer_id <> cart_touchpoints.customer_id

),

impossible_carts as (

    select cart_key
    from carts
    where bought_at < started_at

)

select touchpoint_id as what from lost_touchpoints
union all
select cart_key as what from impossible_carts
