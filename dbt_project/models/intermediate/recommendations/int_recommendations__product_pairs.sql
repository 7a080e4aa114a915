-- One row per product and other product that the same customers buy more often than chance would have it.
-- Lift is how many times as often; a pair that fewer customers bought than the floor is left out, whatever
-- its lift.
with

purchases as (

    select * from {{ ref('int_recommendations__purchases') }}

),

product_buyers as (

    select * from {{ ref('int_recommendations__product_buyers') }}

),

all_buyers as (

    select count(distinct customer_id) as buyers
    from purchases

),

-- A pair has no more buyers than either product: without the rare ones, an order of thousands of made-up products
-- makes no millions of pairs.
often_bought as (

    select
        purchases.customer_id,
        purchases.product_id
    from purchases
    inner join product_buyers
        on purchases.product_id = product_buyers.product_id
    where product_buyers.buyers >= {{ var('recommendation_min_buyers') }}

),

bought_together as (

    select
        often_bought.product_id,
        others.product_id as other_product_id,
        count(*) as buyers_of_both
    from often_bought
    inner join often_bought as others
        on
            often_bought.customer_id = others.customer_id
            and often_bought.product_id <> others.product_id
    group by often_bought.product_id, others.product_id
    having count(*) >= {{ var('recommendation_min_buyers') }}

),

lifted_pairs as (

    select
        bought_together.product_id,
        bought_together.other_product_id,
        bought_together.buyers_of_both,
        cast(bought_together.buyers_of_both as double) * all_buyers.buyers
        / (product_buyers.buyers * other_buyers.buyers) as lift
    from bought_together
    cross join all_buyers
    inner join product_buyers
        on bought_together.product_id = product_buyers.product_id
    inner join product_buyers as other_buyers
        on bought_together.other_product_id = other_buyers.product_id

),

product_pairs as (

    select
        *,
        row_number() over (
            partition by product_id
            order by lift desc, buyers_of_both desc, other_product_id asc
        ) as pair_rank
    from lifted_pairs
    where lift > 1

)

select * from product_pairs
