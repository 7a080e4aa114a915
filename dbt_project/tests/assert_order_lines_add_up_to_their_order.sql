-- A failing row is an order whose lines, without what was taken in exchange, and other charges do not add up to its
-- gross revenue.
with

orders as (

    select * from {{ ref('fct_orders') }}
    where
        not is_amount_missing
        and other_charges is not null

),

lines as (

    select
        order_id,
        sum(line_total) as lines_total
    from {{ ref('fct_order_lines') }}
    where not is_exchange
    group by order_id

)

select
    orders.order_id,
    orders.gross_revenue,
    orders.other_charges,
    lines.lines_total
from orders
inner join lines
    on orders.order_id = lines.order_id
where
    lines.lines_total + orders.other_charges <> orders.gross_revenue
    and lines.lines_total > 0
