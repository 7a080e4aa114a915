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

bought_together as (

    select
        purchases.product_id,
        others.product_id as other_product_id,
        count(*) as buyers_of_both
    from purchases
    inner join purchases as others
        on
            purchases.customer_id = others.customer_id
            and purchases.product_id <> others.product_id
    group by purchases.product_id, others.product_id
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
