-- One row per order and line, from the record that placed the order; a touchpoint without a product list has
-- one line.
with

placed_orders as (

    select * from {{ ref('int_commerce__order_records') }}
    where
        record_kind = 'placed'
        and record_number = 1

),

event_products as (

    select * from {{ ref('stg_segment__event_products') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

event_lines as (

    select
        placed_orders.order_id,
        event_products.line_number,
        event_products.product_id,
        coalesce(event_products.quantity, 1) as quantity,
        event_products.price as unit_price,
        cast(0 as {{ type_money() }}) as discount,
        coalesce(event_products.currency, placed_orders.currency) as currency
    from placed_orders
    inner join event_products
        on placed_orders.record_key = event_products.event_key

),

till_lines as (

    select
        placed_orders.order_id,
        transaction_lines.line_number,
        transaction_lines.product_id,
        transaction_lines.quantity,
        transaction_lines.unit_price,
        coalesce(transaction_lines.discount, 0) as discount,
        placed_orders.currency
    from placed_orders
    inner join transaction_lines
        on
            placed_orders.record_key
            = {{ record_key("'store'", "'transactions'", 'transaction_lines.transaction_id') }}

),

order_lines as (

    select * from event_lines
    union all
    select * from till_lines

)

select
    order_id,
    line_number,
    product_id,
    cast(quantity as {{ type_money() }}) as quantity,
    cast(unit_price as {{ type_money() }}) as unit_price,
    cast(discount as {{ type_money() }}) as discount,
    cast(quantity * unit_price - discount as {{ type_money() }}) as line_total,
    currency
from order_lines
