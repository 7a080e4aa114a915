-- One row per cart or order: the chain of linked carts that it is in, named by the chain's smallest cart.
{{ config(materialized='connected_components') }}

with

cart_links as (

    select * from {{ ref('int_carts__links') }}

)

select
    left_node,
    right_node
from cart_links
