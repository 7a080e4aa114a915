-- One row per line of an order.
with

order_lines as (

    select * from {{ ref('int_commerce__order_lines') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

returned_lines as (

    select * from {{ ref('int_commerce__returned_lines') }}

),

numbered_lines as (

    select
        *,
        row_number() over (partition by order_id, product_id order by line_number) as product_line_number
    from order_lines

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
        numbered_lines.discount,
        numbered_lines.line_total,
        numbered_lines.currency,
        numbered_lines.is_exchange,
        cast(
            case
                when numbered_lines.product_line_number = 1 then coalesce(returned_lines.returned_quantity, 0)
                else 0
            end as {{ type_money() }}
        ) as returned_quantity
    from numbered_lines
    inner join orders
        on numbered_lines.order_id = orders.order_id
    left join returned_lines
        on
            numbered_lines.order_id = returned_lines.order_id
            and numbered_lines.product_id = returned_lines.product_id

)

select * from described_lines
