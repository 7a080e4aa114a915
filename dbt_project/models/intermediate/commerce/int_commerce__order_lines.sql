-- One row per order and line: the products listed by the record that placed the order or by the last update with a
-- list, then the lines of further sales of the order at a point of sale, then goods taken in exchange. A touchpoint
-- without a product list has one line.
with

order_records as (

    select * from {{ ref('int_commerce__order_records') }}

),

event_products as (

    select * from {{ ref('int_records__event_products') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

listing_updates as (

    select
        order_records.order_id,
        max(order_records.record_number) as last_number
    from order_records
    inner join event_products
        on order_records.record_key = event_products.event_key
    where order_records.record_kind = 'updated'
    group by order_records.order_id

),

selling_records as (

    select
        order_records.*,
        case
            when order_records.record_kind = 'sold_on' then 2
            when order_records.record_kind = 'exchanged' then 3
            else 1
        end as record_order
    from order_records
    left join listing_updates
        on order_records.order_id = listing_updates.order_id
    where
        (order_records.is_placing_in_force and listing_updates.order_id is null)
        or (order_records.record_kind = 'updated' and order_records.record_number = listing_updates.last_number)
        or order_records.record_kind in ('sold_on', 'exchanged')

),

event_lines as (

    select
        selling_records.order_id,
        selling_records.record_order,
        selling_records.record_number,
        selling_records.record_kind,
        event_products.line_number as line_of_record,
        event_products.product_id,
        event_products.quantity,
        event_products.price as unit_price,
        cast(0 as {{ type_money() }}) as discount,
        coalesce(event_products.currency, selling_records.currency) as currency,
        event_products.coupon,
        event_products.is_unreadable
    from selling_records
    inner join event_products
        on selling_records.record_key = event_products.event_key
    where selling_records.record_order = 1

),

store_lines as (

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
        selling_records.currency,
        cast(null as {{ dbt.type_string() }}) as coupon,
        false as is_unreadable
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
    select * from store_lines

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
    {{ to_money('quantity * unit_price - discount') }} as line_total,
    currency,
    coupon,
    record_kind = 'exchanged' as is_exchange,
    coalesce(is_unreadable, false)
    or (
        quantity is not null
        and unit_price is not null
        and {{ to_money('quantity * unit_price - discount') }} is null
    ) as is_unreadable
from numbered_lines
