-- One row per return, refund, exchange or cancellation of an order, counted once if several channels report it, with
-- the returned amount and the value of goods taken in exchange.
with

order_records as (

    select * from {{ ref('int_commerce__order_records') }}

),

refunds as (

    select * from {{ ref('int_commerce__refunds') }}
    where repeats_touchpoint_id is null

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

-- A point of sale may write the discount of returned goods with or without a minus.
exchanged_goods as (

    select
        {{ record_key("'store'", "'transactions'", 'transaction_id') }} as record_key,
        sum(case
            when quantity < 0 then {{ to_money('-quantity * unit_price - abs(coalesce(discount, 0))') }}
            else 0
        end) as given_back,
        sum(case
            when quantity < 0 then {{ to_money('quantity * unit_price + abs(coalesce(discount, 0))') }}
            else {{ to_money('quantity * unit_price - coalesce(discount, 0)') }}
        end) as difference
    from transaction_lines
    group by transaction_id

),

-- The total of the transaction is what the customer paid or received. If the lines do not add up to it, the new goods
-- are the difference.
exchanges as (

    select
        order_records.touchpoint_id,
        coalesce(order_records.amount, exchanged_goods.difference, 0) as difference,
        greatest(
            coalesce(exchanged_goods.given_back, 0),
            -coalesce(order_records.amount, exchanged_goods.difference, 0),
            0
        ) as given_back
    from order_records
    left join exchanged_goods
        on order_records.record_key = exchanged_goods.record_key
    where order_records.record_kind = 'exchanged'

),

changes as (

    select
        order_records.*,
        case
            when order_records.record_kind <> 'returned' then order_records.record_kind
            when order_records.touchpoint_type = 'order_refunded' then 'refunded'
            else 'returned'
        end as change_kind,
        coalesce(refunds.amount, exchanges.given_back) as given_back,
        coalesce(exchanges.difference + exchanges.given_back, 0) as newly_sold,
        order_records.record_kind = 'returned'
        and refunds.amount is null
        and not refunds.is_amount_missing as is_whole,
        coalesce(refunds.is_amount_missing, false) as is_amount_missing
    from order_records
    left join refunds
        on order_records.touchpoint_id = refunds.touchpoint_id
    left join exchanges
        on order_records.touchpoint_id = exchanges.touchpoint_id
    where
        refunds.touchpoint_id is not null
        or exchanges.touchpoint_id is not null
        or (order_records.record_kind = 'cancelled' and order_records.record_number = 1)

),

order_changes as (

    select
        touchpoint_id,
        order_id,
        customer_id,
        change_kind,
        occurred_at,
        timezone,
        channel,
        location_id,
        currency,
        cast(given_back as {{ type_money() }}) as given_back,
        cast(newly_sold as {{ type_money() }}) as newly_sold,
        is_whole,
        is_amount_missing,
        row_number() over (
            partition by order_id, case when change_kind = 'cancelled' then 1 else 0 end
            order by occurred_at, touchpoint_id
        ) as change_number
    from changes

)

select * from order_changes
