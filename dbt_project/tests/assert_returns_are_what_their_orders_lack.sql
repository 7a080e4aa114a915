-- A failing row is an order of which the single returns and cancellations, each on its own day, do not add up
-- to what the order itself says was returned and cancelled.
with

orders as (

    select * from {{ ref('fct_orders') }}

),

returns as (

    select
        order_id,
        sum(given_back) as given_back
    from {{ ref('fct_returns') }}
    where is_order_known
    group by order_id

)

select
    orders.order_id,
    orders.returned,
    orders.cancelled,
    coalesce(returns.given_back, 0) as given_back
from orders
left join returns
    on orders.order_id = returns.order_id
where orders.returned + orders.cancelled <> coalesce(returns.given_back, 0)
