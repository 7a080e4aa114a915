-- A failing row is a day and currency on which the orders and the conversions that placed them have
-- different revenue, gross or net: one of the two was counted twice or not at all.
with

orders as (

    select
        ordered_on as date_day,
        currency,
        sum(gross_revenue) as gross_revenue,
        sum(net_revenue) as net_revenue
    from {{ ref('fct_orders') }}
    group by ordered_on, currency

),

conversions as (

    select
        converted_on as date_day,
        currency,
        sum(revenue) as gross_revenue,
        sum(net_revenue) as net_revenue
    from {{ ref('int_journeys__conversions') }}
    where conversion_kind = 'order'
    group by converted_on, currency

)

select
    orders.gross_revenue as gross_revenue_of_orders,
    conversions.gross_revenue as gross_revenue_of_conversions,
    orders.net_revenue as net_revenue_of_orders,
    conversions.net_revenue as net_revenue_of_conversions,
    coalesce(orders.date_day, conversions.date_day) as date_day,
    coalesce(orders.currency, conversions.currency) as currency
from orders
full outer join conversions
    on
        orders.date_day = conversions.date_day
        and orders.currency = conversions.currency
where
    coalesce(orders.gross_revenue, 0) <> coalesce(conversions.gross_revenue, 0)
    or coalesce(orders.net_revenue, 0) <> coalesce(conversions.net_revenue, 0)
