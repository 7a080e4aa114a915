-- One row per identified customer and product that they may be offered, with the best reason for it.
-- Reasons in order: it is time to buy it again; it goes with what they own; they put it in a cart or on a wish list, or
-- looked at it; it goes with that; it sells best in a category of theirs; it sells best of all.
{%- set per_customer = var('recommendations_per_customer') %}
{%- set latest = var('recommendation_products_per_customer') %}

with

people as (

    select * from {{ ref('int_identity__people') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}
    where is_identified

),

catalogue as (

    select * from {{ ref('int_recommendations__catalogue') }}

),

purchases as (

    select * from {{ ref('int_commerce__product_purchases') }}

),

interests as (

    select * from {{ ref('int_recommendations__interests') }}

),

product_pairs as (

    select * from {{ ref('int_recommendations__product_pairs') }}

),

sellable as (

    select * from {{ ref('int_recommendations__best_sellers') }}

),

customers as (

    select customer_id from people
    where {{ is_external_customer('customer_id') }}
    union distinct
    select customer_id from record_customers
    where {{ is_external_customer('customer_id') }}

),

-- A product that only events or receipts contain is not in the catalogue, and can be offered.
not_for_sale as (

    select product_id
    from catalogue
    where not is_for_sale

),

owned_counts as (

    select
        customer_id,
        count(*) as owned_products
    from purchases
    group by customer_id

),

-- Bought on three occasions or more, and last as long ago as usually lies between two of them.
due_again as (

    select
        customer_id,
        product_id,
        times_bought
    from purchases
    where
        times_bought >= 3
        and {{ days_between('last_bought_at', run_at()) }}
        >= {{ days_between('first_bought_at', 'last_bought_at') }} / (times_bought - 1)
        and {{ days_between('first_bought_at', 'last_bought_at') }} >= 1

),

-- What buyers of the customer's latest products buy too, and what goes with what they looked at.
starting_points as (

    select
        customer_id,
        product_id,
        'bought_together' as reason_kind,
        2 as reason_order
    from purchases
    where recency_rank <= {{ latest }}
    union all
    select
        customer_id,
        product_id,
        'goes_with_interest' as reason_kind,
        4 as reason_order
    from interests

),

-- The best pairs of each product. A customer's best offers are among the first that they do not own yet.
ranked_pairs as (

    select
        product_pairs.*,
        rank() over (partition by product_pairs.product_id order by product_pairs.log_likelihood desc) as sellable_rank
    from product_pairs
    left join not_for_sale
        on product_pairs.other_product_id = not_for_sale.product_id
    where not_for_sale.product_id is null

),

related as (

    select
        starting_points.customer_id,
        ranked_pairs.other_product_id as product_id,
        starting_points.reason_kind,
        starting_points.reason_order,
        starting_points.product_id as because_product_id,
        ranked_pairs.lift,
        ranked_pairs.buyers_of_both as buyers,
        ranked_pairs.log_likelihood as score,
        row_number() over (
            partition by starting_points.customer_id, ranked_pairs.other_product_id
            order by starting_points.reason_order asc, ranked_pairs.log_likelihood desc, starting_points.product_id asc
        ) as because_rank
    from starting_points
    left join owned_counts
        on starting_points.customer_id = owned_counts.customer_id
    inner join ranked_pairs
        on starting_points.product_id = ranked_pairs.product_id
    where ranked_pairs.sellable_rank <= coalesce(owned_counts.owned_products, 0) + {{ per_customer }}

),

categories as (

    select distinct
        starting_points.customer_id,
        catalogue.category
    from starting_points
    inner join catalogue
        on starting_points.product_id = catalogue.product_id
    where catalogue.category is not null

),

best_of_categories as (

    select
        categories.customer_id,
        sellable.product_id,
        sellable.buyers
    from categories
    inner join sellable
        on categories.category = sellable.category
    left join owned_counts
        on categories.customer_id = owned_counts.customer_id
    where sellable.category_rank <= least(coalesce(owned_counts.owned_products, 0), {{ latest }}) + {{ per_customer }}

),

-- Enough best sellers for the customer to have some that they do not own yet.
best_of_all as (

    select
        customers.customer_id,
        sellable.product_id,
        sellable.buyers
    from customers
    left join owned_counts
        on customers.customer_id = owned_counts.customer_id
    inner join sellable
        on sellable.popularity_rank <= coalesce(owned_counts.owned_products, 0) + {{ 2 * per_customer }}

),

candidates as (

    select
        customer_id,
        product_id,
        'buy_again' as reason_kind,
        1 as reason_order,
        cast(null as {{ dbt.type_string() }}) as because_product_id,
        cast(null as double) as lift,
        cast(null as bigint) as buyers,
        cast(times_bought as double) as score
    from due_again
    union all
    select
        customer_id,
        product_id,
        reason_kind,
        reason_order,
        because_product_id,
        lift,
        buyers,
        score
    from related
    where because_rank = 1
    union all
    select
        customer_id,
        product_id,
        interest as reason_kind,
        3 as reason_order,
        cast(null as {{ dbt.type_string() }}) as because_product_id,
        cast(null as double) as lift,
        cast(null as bigint) as buyers,
        -cast(interest_rank as double) as score
    from interests
    union all
    select
        customer_id,
        product_id,
        'popular_in_category' as reason_kind,
        5 as reason_order,
        cast(null as {{ dbt.type_string() }}) as because_product_id,
        cast(null as double) as lift,
        buyers,
        cast(buyers as double) as score
    from best_of_categories
    union all
    select
        customer_id,
        product_id,
        'popular' as reason_kind,
        6 as reason_order,
        cast(null as {{ dbt.type_string() }}) as because_product_id,
        cast(null as double) as lift,
        buyers,
        cast(buyers as double) as score
    from best_of_all

),

-- A product that the customer owns is offered only if it is time to buy it again.
offers as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.customer_id, candidates.product_id
            order by candidates.reason_order
        ) as reason_rank
    from candidates
    inner join customers
        on candidates.customer_id = customers.customer_id
    left join not_for_sale
        on candidates.product_id = not_for_sale.product_id
    left join purchases
        on
            candidates.customer_id = purchases.customer_id
            and candidates.product_id = purchases.product_id
    where
        not_for_sale.product_id is null
        and (purchases.product_id is null or candidates.reason_kind = 'buy_again')

),

ranked_offers as (

    select
        customer_id,
        product_id,
        reason_kind,
        because_product_id,
        lift,
        buyers,
        row_number() over (
            partition by customer_id
            order by reason_order asc, score desc, lift desc, product_id asc
        ) as recommendation_rank
    from offers
    where reason_rank = 1

)

select * from ranked_offers
where recommendation_rank <= {{ per_customer }}
