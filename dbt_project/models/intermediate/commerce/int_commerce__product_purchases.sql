-- One row per customer and product that they have bought, without cancelled and completely returned orders.
with

orders as (

    select * from {{ ref('int_commerce__orders') }}
    where
        customer_id is not null
        and cancelled_at is null
        and gross_revenue > returned

),

order_lines as (

    select * from {{ ref('int_commerce__order_lines') }}
    where
        product_id is not null
        and quantity > 0

),

purchases as (

    select
        orders.customer_id,
        order_lines.product_id,
        count(distinct orders.order_id) as times_bought,
        min(orders.ordered_at) as first_bought_at,
        max(orders.ordered_at) as last_bought_at
    from orders
    inner join order_lines
        on orders.order_id = order_lines.order_id
    group by orders.customer_id, order_lines.product_id

),

ranked_purchases as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by last_bought_at desc, times_bought desc, product_id asc
        ) as recency_rank
    from purchases

)

select * from ranked_purchases
