-- One row per identified customer and rank: the product to offer next and why, and the channel and hour to
-- offer it.
with

candidates as (

    select * from {{ ref('int_recommendations__candidates') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

responses as (

    select * from {{ ref('int_recommendations__responses') }}

),

recommendations as (

    select
        candidates.customer_id,
        cast(candidates.recommendation_rank as {{ dbt.type_int() }}) as recommendation_rank,
        candidates.product_id,
        products.product_name,
        candidates.reason_kind,
        case candidates.reason_kind
            when 'buy_again' then 'They buy it again and again, and it is time for the next'
            when 'bought_together' then {{ dbt.concat([
                dbt.cast('candidates.buyers', dbt.type_string()),
                "' customers bought it with '",
                'because_products.product_name',
                "', '",
                dbt.cast('cast(' ~ rounded('candidates.lift', 1) ~ ' as decimal(18, 1))', dbt.type_string()),
                "' times as often as by chance'",
            ]) }}
            when 'cart' then 'They put it in a cart and have not bought it'
            when 'wish_list' then 'It is on their wish list'
            when 'view' then 'They looked at it'
            when 'goes_with_interest' then {{ dbt.concat([
                "'Customers who bought '",
                'because_products.product_name',
                "', at which they looked, bought it too'",
            ]) }}
            when 'popular_in_category' then {{ dbt.concat([
                "'Among the most bought in '",
                'products.category',
                "': '",
                dbt.cast('candidates.buyers', dbt.type_string()),
                "' customers'",
            ]) }}
            else {{ dbt.concat([
                "'Among the most bought: '",
                dbt.cast('candidates.buyers', dbt.type_string()),
                "' customers'",
            ]) }}
        end as reason,
        candidates.because_product_id,
        candidates.lift,
        candidates.buyers,
        responses.best_channel,
        responses.best_hour
    from candidates
    inner join products
        on candidates.product_id = products.product_id
    left join products as because_products
        on candidates.because_product_id = because_products.product_id
    left join responses
        on candidates.customer_id = responses.customer_id

)

select * from recommendations
