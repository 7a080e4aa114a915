-- A failing row is an order of which the single returns, cancellations and exchanges, each on its own day, do not
-- add up to what the order itself has as returned, cancelled and paid on top.
with

orders as (

    select * from {{ ref('fct_orders') }}
    where not is_amount_missing

),

returns as (

    select
        order_id,
        sum(returned) as returned,
        sum(cancelled) as cancelled,
        sum(exchange_revenue) as exchange_revenue
    from {{ ref('fct_returns') }}
    where is_order_known
    group by order_id

)

select
    orders.order_id,
    orders.returned as returned_of_order,
    returns.returned,
    orders.cancelled as cancelled_of_order,
    returns.cancelled,
    orders.exchange_revenue as exchange_revenue_of_order,
    returns.exchange_revenue
from orders
left join returns
    on orders.order_id = returns.order_id
where
    orders.returned <> coalesce(returns.returned, 0)
    or orders.cancelled <> coalesce(returns.cancelled, 0)
    or orders.exchange_revenue <> coalesce(returns.exchange_revenue, 0)
