-- One row per product that was bought: how many customers bought it, and its place among all products.
with

purchases as (

    select * from {{ ref('int_commerce__product_purchases') }}

),

product_buyers as (

    select
        product_id,
        count(*) as buyers,
        row_number() over (order by count(*) desc, product_id) as popularity_rank
    from purchases
    group by product_id

)

select * from product_buyers
