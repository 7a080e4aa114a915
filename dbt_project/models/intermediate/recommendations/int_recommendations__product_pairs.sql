-- One row per product and other product that the same customers buy more often than by chance. The strongest pairs come
-- first, by log-likelihood ratio (Dunning 1993): lift alone prefers pairs of rare products. A customer counts with
-- their latest products only: pairs grow with the square of what the heaviest buyers bought.
with

purchases as (

    select * from {{ ref('int_commerce__product_purchases') }}
    where recency_rank <= {{ var('recommendation_products_per_customer') }}

),

all_buyers as (

    select count(distinct customer_id) as buyers
    from purchases

),

-- A pair cannot have more buyers than either product, so rare products are dropped before they form millions of pairs.
product_buyers as (

    select
        product_id,
        count(*) as buyers
    from purchases
    group by product_id
    having count(*) >= {{ var('recommendation_min_buyers') }}

),

often_bought as (

    select
        purchases.customer_id,
        purchases.product_id
    from purchases
    inner join product_buyers
        on purchases.product_id = product_buyers.product_id

),

bought_together as (

    select
        often_bought.product_id as first_product_id,
        others.product_id as second_product_id,
        count(*) as buyers_of_both
    from often_bought
    inner join often_bought as others
        on
            often_bought.customer_id = others.customer_id
            and often_bought.product_id < others.product_id
    group by often_bought.product_id, others.product_id
    having count(*) >= {{ var('recommendation_min_buyers') }}

),

counted_pairs as (

    select
        bought_together.first_product_id,
        bought_together.second_product_id,
        bought_together.buyers_of_both,
        cast(first_buyers.buyers as double) as first_buyers,
        cast(second_buyers.buyers as double) as second_buyers,
        cast(bought_together.buyers_of_both as double) as both_buyers,
        cast(all_buyers.buyers as double) as all_buyers
    from bought_together
    cross join all_buyers
    inner join product_buyers as first_buyers
        on bought_together.first_product_id = first_buyers.product_id
    inner join product_buyers as second_buyers
        on bought_together.second_product_id = second_buyers.product_id

),

scored_pairs as (

    select
        first_product_id,
        second_product_id,
        buyers_of_both,
        both_buyers * all_buyers / (first_buyers * second_buyers) as lift,
        {{ rounded(log_likelihood_ratio('both_buyers', 'first_buyers', 'second_buyers', 'all_buyers'), 9) }}
            as log_likelihood
    from counted_pairs

),

likely_pairs as (

    select * from scored_pairs
    where lift > 1

),

both_ways as (

    select
        first_product_id as product_id,
        second_product_id as other_product_id,
        buyers_of_both,
        lift,
        log_likelihood
    from likely_pairs
    union all
    select
        second_product_id as product_id,
        first_product_id as other_product_id,
        buyers_of_both,
        lift,
        log_likelihood
    from likely_pairs

),

product_pairs as (

    select
        *,
        row_number() over (
            partition by product_id
            order by log_likelihood desc, lift desc, other_product_id asc
        ) as pair_rank
    from both_ways

)

select * from product_pairs
where pair_rank <= {{ var('recommendation_pairs_per_product') }}
