-- One row per order, with its amounts by the placing that counts and the last update.
with

order_records as (

    select * from {{ ref('int_commerce__order_records') }}

),

order_lines as (

    select * from {{ ref('int_commerce__order_lines') }}
    where not is_exchange

),

events as (

    select
        event_key,
        coupon,
        discount_amount
    from {{ ref('int_records__events') }}
    where
        coupon is not null
        or discount_amount is not null

),

event_products as (

    select * from {{ ref('int_records__event_products') }}

),

transactions as (

    select
        {{ record_key("'store'", "'transactions'", 'transaction_id') }} as record_key,
        discount
    from {{ ref('stg_store__transactions') }}

),

placings as (

    select
        order_records.order_id,
        order_records.is_amount_unreadable,
        events.coupon,
        coalesce(order_records.currency, {{ reporting_currency() }}) as currency,
        coalesce(events.discount_amount, transactions.discount, 0) as discount
    from order_records
    left join events
        on order_records.record_key = events.event_key
    left join transactions
        on order_records.record_key = transactions.record_key
    where order_records.is_placing_in_force

),

-- An order may be paid for in several sales at a point of sale.
sales as (

    select
        order_id,
        case when count(*) = count(amount) then sum(amount) end as sold
    from order_records
    where
        is_placing_in_force
        or record_kind = 'sold_on'
    group by order_id

),

-- An update without an amount, such as of an address, does not change the amount.
amount_updates as (

    select
        order_id,
        amount,
        row_number() over (
            partition by order_id
            order by record_number desc
        ) as number_from_last
    from order_records
    where
        record_kind = 'updated'
        and (amount is not null or is_amount_unreadable)

),

line_updates as (

    select distinct order_records.order_id
    from order_records
    inner join event_products
        on order_records.record_key = event_products.event_key
    where order_records.record_kind = 'updated'

),

-- The sum of the lines is known only if every line is known and in the order's currency.
line_totals as (

    select
        order_lines.order_id,
        sum(order_lines.line_total) as lines_total,
        sum(order_lines.line_total + order_lines.discount) as listed_total,
        sum(order_lines.quantity) as items,
        min(order_lines.coupon) as coupon,
        max(case when order_lines.is_unreadable then 1 else 0 end) = 1 as is_unreadable,
        max(case when order_lines.currency <> placings.currency then 1 else 0 end) = 1 as is_in_other_currency
    from order_lines
    inner join placings
        on order_lines.order_id = placings.order_id
    group by order_lines.order_id

),

known_lines as (

    select
        order_id,
        lines_total,
        listed_total
    from line_totals
    where
        not is_unreadable
        and not is_in_other_currency

),

known_amounts as (

    select
        placings.order_id,
        placings.currency,
        placings.discount as stated_discount,
        known_lines.lines_total,
        known_lines.listed_total,
        line_totals.items,
        coalesce(placings.coupon, line_totals.coupon) as coupon,
        case
            when amount_updates.order_id is not null then coalesce(amount_updates.amount, known_lines.lines_total)
            when line_updates.order_id is not null then known_lines.lines_total
            else coalesce(sales.sold, known_lines.lines_total)
        end as amount,
        coalesce(placings.is_amount_unreadable, false)
        or amount_updates.order_id is not null
        or (line_totals.order_id is not null and known_lines.order_id is null) as is_amount_given
    from placings
    left join sales
        on placings.order_id = sales.order_id
    left join amount_updates
        on
            placings.order_id = amount_updates.order_id
            and amount_updates.number_from_last = 1
    left join line_updates
        on placings.order_id = line_updates.order_id
    left join line_totals
        on placings.order_id = line_totals.order_id
    left join known_lines
        on placings.order_id = known_lines.order_id

),

order_amounts as (

    select
        order_id,
        currency,
        coupon,
        items,
        lines_total,
        stated_discount,
        listed_total,
        cast(case
            when amount is null and not is_amount_given then 0
            else amount
        end as {{ type_money() }}) as gross_revenue
    from known_amounts

)

select
    order_id,
    currency,
    coupon,
    items,
    lines_total,
    gross_revenue,
    cast(greatest(stated_discount, coalesce(listed_total - gross_revenue, 0), 0) as {{ type_money() }}) as discount,
    cast(
        case when lines_total is not null then greatest(gross_revenue - lines_total, 0) end as {{ type_money() }}
    ) as other_charges
from order_amounts
