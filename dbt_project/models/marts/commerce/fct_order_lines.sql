-- One row per line of an order.
with

order_lines as (

    select * from {{ ref('int_commerce__order_lines') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

order_amounts as (

    select * from {{ ref('int_commerce__order_amounts') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

transaction_orders as (

    select * from {{ ref('int_records__transaction_orders') }}

),

return_channels as (

    select * from {{ ref('int_commerce__return_channels') }}

),

researched_lines as (

    select * from {{ ref('int_commerce__researched_lines') }}

),

numbered_lines as (

    select
        *,
        row_number() over (partition by order_id, product_id order by line_number) as product_line_number
    from order_lines

),

-- What the lines of an order are worth more than the order was taken off the order as a whole. Each line bears
-- its share, and the last one what rounding leaves.
shared_discounts as (

    select
        numbered_lines.order_id,
        numbered_lines.line_number,
        order_amounts.lines_total,
        numbered_lines.line_total,
        order_amounts.lines_total - order_amounts.gross_revenue as order_discount,
        sum(numbered_lines.line_total) over (
            partition by numbered_lines.order_id
            order by numbered_lines.line_number
            rows between unbounded preceding and current row
        ) as total_so_far
    from numbered_lines
    inner join order_amounts
        on numbered_lines.order_id = order_amounts.order_id
    where
        not numbered_lines.is_exchange
        and order_amounts.lines_total > 0
        and order_amounts.lines_total > order_amounts.gross_revenue

),

discount_shares as (

    select
        order_id,
        line_number,
        {{ share_of_discount('total_so_far') }}
        - {{ share_of_discount('(total_so_far - line_total)') }} as order_discount
    from shared_discounts

),

-- Pieces given back over the counter.
returned_products as (

    select
        transaction_orders.order_id,
        transaction_lines.product_id,
        sum(-transaction_lines.quantity) as returned_quantity
    from transaction_lines
    inner join transaction_orders
        on transaction_lines.transaction_id = transaction_orders.transaction_id
    where
        transaction_lines.quantity < 0
        and transaction_lines.product_id is not null
    group by transaction_orders.order_id, transaction_lines.product_id

),

described_lines as (

    select
        {{ dbt.concat([
            'numbered_lines.order_id', "'#'", dbt.cast('numbered_lines.line_number', dbt.type_string())
        ]) }} as order_line_id,
        numbered_lines.order_id,
        cast(numbered_lines.line_number as {{ dbt.type_int() }}) as line_number,
        orders.customer_id,
        orders.ordered_at,
        orders.ordered_on,
        orders.channel_sold,
        numbered_lines.product_id,
        numbered_lines.quantity,
        numbered_lines.unit_price,
        cast(
            numbered_lines.discount + coalesce(discount_shares.order_discount, 0) as {{ type_money() }}
        ) as discount,
        cast(coalesce(discount_shares.order_discount, 0) as {{ type_money() }}) as order_discount,
        cast(
            numbered_lines.line_total - coalesce(discount_shares.order_discount, 0) as {{ type_money() }}
        ) as line_total,
        numbered_lines.currency,
        numbered_lines.is_exchange,
        cast(
            case
                when numbered_lines.product_line_number = 1 then coalesce(returned_products.returned_quantity, 0)
                else 0
            end as {{ type_money() }}
        ) as returned_quantity,
        case when not numbered_lines.is_exchange then return_channels.channel_returned end as channel_returned,
        researched_lines.is_researched_online,
        researched_lines.is_researched_in_store,
        researched_lines.research_match,
        researched_lines.research_lag_days
    from numbered_lines
    inner join orders
        on numbered_lines.order_id = orders.order_id
    left join discount_shares
        on
            numbered_lines.order_id = discount_shares.order_id
            and numbered_lines.line_number = discount_shares.line_number
    left join returned_products
        on
            numbered_lines.order_id = returned_products.order_id
            and numbered_lines.product_id = returned_products.product_id
    left join return_channels
        on
            numbered_lines.order_id = return_channels.order_id
            and numbered_lines.product_id = return_channels.product_id
    left join researched_lines
        on
            numbered_lines.order_id = researched_lines.order_id
            and numbered_lines.line_number = researched_lines.line_number

)

select * from described_lines
