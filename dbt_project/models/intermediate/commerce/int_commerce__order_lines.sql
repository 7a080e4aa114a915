-- One row per order and line: what the record that placed the order lists, then the lines of further sales of
-- the order at a till, then what the customer took in exchange. A touchpoint without a product list has one
-- line.
with

selling_records as (

    select
        *,
        case record_kind when 'placed' then 1 when 'sold_on' then 2 else 3 end as record_order
    from {{ ref('int_commerce__order_records') }}
    where
        (record_kind = 'placed' and record_number = 1)
        or record_kind in ('sold_on', 'exchanged')

),

event_products as (

    select * from {{ ref('stg_segment__event_products') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

event_lines as (

    select
        selling_records.order_id,
        selling_records.record_order,
        selling_records.record_number,
        selling_records.record_kind,
        event_products.line_number as line_of_record,
        event_products.product_id,
        coalesce(event_products.quantity, 1) as quantity,
        event_products.price as unit_price,
        cast(0 as {{ type_money() }}) as discount,
        coalesce(event_products.currency, selling_records.currency) as currency
    from selling_records
    inner join event_products
        on selling_records.record_key = event_products.event_key
    where selling_records.record_kind = 'placed'

),

till_lines as (

    select
        selling_records.order_id,
        selling_records.record_order,
        selling_records.record_number,
        selling_records.record_kind,
        transaction_lines.line_number as line_of_record,
        transaction_lines.product_id,
        transaction_lines.quantity,
        transaction_lines.unit_price,
        coalesce(transaction_lines.discount, 0) as discount,
        selling_records.currency
    from selling_records
    inner join transaction_lines
        on
            selling_records.record_key
            = {{ record_key("'store'", "'transactions'", 'transaction_lines.transaction_id') }}
    where
        selling_records.record_kind <> 'exchanged'
        or transaction_lines.quantity > 0

),

order_lines as (

    select * from event_lines
    union all
    select * from till_lines

),

numbered_lines as (

    select
        *,
        row_number() over (
            partition by order_id
            order by record_order, record_number, line_of_record
        ) as line_number
    from order_lines

)

select
    order_id,
    line_number,
    product_id,
    cast(quantity as {{ type_money() }}) as quantity,
    cast(unit_price as {{ type_money() }}) as unit_price,
    cast(discount as {{ type_money() }}) as discount,
    {{ told_amount('quantity * unit_price - discount') }} as line_total,
    currency,
    record_kind = 'exchanged' as is_exchange
from numbered_lines
