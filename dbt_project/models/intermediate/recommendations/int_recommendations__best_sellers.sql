-- One row per product that can be sold and that enough customers bought, with its place among all and in its category.
with

catalogue as (

    select * from {{ ref('int_recommendations__catalogue') }}

),

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

),

best_sellers as (

    select
        product_buyers.product_id,
        catalogue.category,
        product_buyers.buyers,
        row_number() over (order by product_buyers.popularity_rank) as popularity_rank,
        row_number() over (
            partition by catalogue.category
            order by product_buyers.popularity_rank
        ) as category_rank
    from product_buyers
    left join catalogue
        on product_buyers.product_id = catalogue.product_id
    where
        product_buyers.buyers >= {{ var('recommendation_min_buyers') }}
        and coalesce(catalogue.is_for_sale, true)

)

select * from best_sellers
