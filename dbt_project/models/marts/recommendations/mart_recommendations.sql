-- One row per identified customer and rank: the product to offer next and why, and the channel and hour to
-- offer it.
-- First come products that buyers of what the customer owns buy more often than chance would have it, the
-- highest lift first; what is missing is filled up with the products that most customers buy.
{%- set per_customer = var('recommendations_per_customer') %}

with

customers as (

    select * from {{ ref('dim_customers') }}
    where is_identified

),

all_products as (

    select * from {{ ref('dim_products') }}

),

products as (

    select * from all_products
    where not is_discontinued

),

purchases as (

    select * from {{ ref('int_recommendations__purchases') }}

),

product_pairs as (

    select * from {{ ref('int_recommendations__product_pairs') }}

),

product_buyers as (

    select * from {{ ref('int_recommendations__product_buyers') }}

),

responses as (

    select * from {{ ref('int_recommendations__responses') }}

),

owned_counts as (

    select
        customer_id,
        count(*) as owned_products
    from purchases
    group by customer_id

),

sellable_pairs as (

    select
        product_pairs.product_id,
        product_pairs.other_product_id,
        product_pairs.lift,
        product_pairs.buyers_of_both,
        row_number() over (
            partition by product_pairs.product_id
            order by product_pairs.lift desc, product_pairs.buyers_of_both desc, product_pairs.other_product_id asc
        ) as pair_rank
    from product_pairs
    inner join products
        on product_pairs.other_product_id = products.product_id

),

-- What the customer owns may take up the first places beside each product, and nothing else does: what comes
-- after these cannot be among the best, and is not looked at.
related_products as (

    select
        purchases.customer_id,
        sellable_pairs.other_product_id as product_id,
        purchases.product_id as because_product_id,
        sellable_pairs.lift,
        sellable_pairs.buyers_of_both as buyers,
        row_number() over (
            partition by purchases.customer_id, sellable_pairs.other_product_id
            order by sellable_pairs.lift desc, sellable_pairs.buyers_of_both desc, purchases.product_id asc
        ) as because_rank
    from purchases
    inner join owned_counts
        on purchases.customer_id = owned_counts.customer_id
    inner join sellable_pairs
        on
            purchases.product_id = sellable_pairs.product_id
            and sellable_pairs.pair_rank < owned_counts.owned_products + {{ per_customer }}

),

sellable_products as (

    select
        product_buyers.product_id,
        product_buyers.buyers,
        row_number() over (order by product_buyers.popularity_rank) as popularity_rank
    from product_buyers
    inner join products
        on product_buyers.product_id = products.product_id
    where product_buyers.buyers >= {{ var('recommendation_min_buyers') }}

),

-- Enough best sellers for the customer to have some that they do not own yet.
popular_products as (

    select
        customers.customer_id,
        sellable_products.product_id,
        cast(null as {{ dbt.type_string() }}) as because_product_id,
        cast(null as double) as lift,
        sellable_products.buyers
    from customers
    left join owned_counts
        on customers.customer_id = owned_counts.customer_id
    inner join sellable_products
        on sellable_products.popularity_rank <= coalesce(owned_counts.owned_products, 0) + {{ 2 * per_customer }}

),

candidates as (

    select
        customer_id,
        product_id,
        because_product_id,
        lift,
        buyers,
        'bought_together' as reason_kind,
        1 as reason_order
    from related_products
    where because_rank = 1
    union all
    select
        customer_id,
        product_id,
        because_product_id,
        lift,
        buyers,
        'popular' as reason_kind,
        2 as reason_order
    from popular_products

),

new_candidates as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.customer_id, candidates.product_id
            order by candidates.reason_order
        ) as reason_rank
    from candidates
    inner join customers
        on candidates.customer_id = customers.customer_id
    inner join products
        on candidates.product_id = products.product_id
    left join purchases
        on
            candidates.customer_id = purchases.customer_id
            and candidates.product_id = purchases.product_id
    where purchases.product_id is null

),

ranked_candidates as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by reason_order asc, lift desc, buyers desc, product_id asc
        ) as recommendation_rank
    from new_candidates
    where reason_rank = 1

),

recommendations as (

    select
        ranked_candidates.customer_id,
        cast(ranked_candidates.recommendation_rank as {{ dbt.type_int() }}) as recommendation_rank,
        ranked_candidates.product_id,
        products.product_name,
        ranked_candidates.reason_kind,
        case
            when ranked_candidates.reason_kind = 'bought_together' then {{ dbt.concat([
                dbt.cast('ranked_candidates.buyers', dbt.type_string()),
                "' customers bought it with '",
                'because_products.product_name',
                "', '",
                dbt.cast('cast(ranked_candidates.lift as decimal(18, 1))', dbt.type_string()),
                "' times as often as by chance'",
            ]) }}
            else {{ dbt.concat([
                "'Among the most bought: '",
                dbt.cast('ranked_candidates.buyers', dbt.type_string()),
                "' customers'",
            ]) }}
        end as reason,
        ranked_candidates.because_product_id,
        ranked_candidates.lift,
        ranked_candidates.buyers,
        responses.best_channel,
        responses.best_hour
    from ranked_candidates
    inner join products
        on ranked_candidates.product_id = products.product_id
    left join all_products as because_products
        on ranked_candidates.because_product_id = because_products.product_id
    left join responses
        on ranked_candidates.customer_id = responses.customer_id
    where ranked_candidates.recommendation_rank <= {{ per_customer }}

)

select * from recommendations
