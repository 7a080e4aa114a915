-- One row per reported return or refund of an order, with its amount and the other report of the same refund, if any.
-- The point of sale and an event often report one refund: two sources that report the same amount (or none) for the
-- same order within `same_refund_days` report the same refund. The amount of the point of sale is preferred.
with

order_records as (

    select * from {{ ref('int_commerce__order_records') }}
    where record_kind = 'returned'

),

transactions as (

    select * from {{ ref('stg_store__transactions') }}

),

event_products as (

    select * from {{ ref('int_records__event_products') }}

),

order_lines as (

    select
        order_id,
        product_id,
        max(unit_price) as unit_price
    from {{ ref('int_commerce__order_lines') }}
    group by order_id, product_id

),

-- Events may list returned goods without a price: the price of the sale is used.
refunded_goods as (

    select
        order_records.touchpoint_id,
        case
            when
                count(*) = count(event_products.quantity * coalesce(event_products.price, order_lines.unit_price))
                and max(case when event_products.is_unreadable then 1 else 0 end) = 0
                then sum({{ to_money(
                    'abs(event_products.quantity) * coalesce(event_products.price, order_lines.unit_price)'
                ) }})
        end as amount,
        max(case when event_products.is_unreadable then 1 else 0 end) = 1 as is_unreadable
    from order_records
    inner join event_products
        on order_records.record_key = event_products.event_key
    left join order_lines
        on
            order_records.order_id = order_lines.order_id
            and event_products.product_id = order_lines.product_id
    group by order_records.touchpoint_id

),

reported_refunds as (

    select
        order_records.touchpoint_id,
        order_records.order_id,
        order_records.occurred_at,
        order_records.source_system,
        case order_records.source_system
            when 'store' then 1 when 'web' then 2 when 'app' then 3 else 4
        end as source_rank,
        case
            when order_records.record_type = 'transactions' then -order_records.amount
            else abs(coalesce(order_records.amount, refunded_goods.amount))
        end as amount,
        coalesce(order_records.is_amount_unreadable, false)
        or coalesce(refunded_goods.is_unreadable, false) as is_unreadable,
        case
            when order_records.record_type = 'transactions' then -transactions.total
        end as amount_with_tax
    from order_records
    left join transactions
        on
            order_records.record_id = transactions.transaction_id
            and order_records.record_type = 'transactions'
    left join refunded_goods
        on order_records.touchpoint_id = refunded_goods.touchpoint_id

),

likely_pairs as (

    select
        repeats.touchpoint_id,
        repeats.source_system,
        originals.touchpoint_id as original_touchpoint_id,
        abs({{ seconds_between('originals.occurred_at', 'repeats.occurred_at') }}) as seconds_apart,
        originals.source_rank as original_source_rank
    from reported_refunds as repeats
    inner join reported_refunds as originals
        on
            repeats.order_id = originals.order_id
            and repeats.source_rank > originals.source_rank
    where
        (
            repeats.amount is null
            or repeats.amount = originals.amount
            or repeats.amount = originals.amount_with_tax
        )
        and abs({{ seconds_between('originals.occurred_at', 'repeats.occurred_at') }})
        <= {{ var('same_refund_days') * 86400 }}

),

nearest_originals as (

    select
        *,
        row_number() over (
            partition by touchpoint_id
            order by seconds_apart, original_source_rank, original_touchpoint_id
        ) as nearness_rank
    from likely_pairs

),

-- One source reports a refund once: two equal refunds of one source are two refunds.
repeats as (

    select
        touchpoint_id,
        original_touchpoint_id,
        row_number() over (
            partition by original_touchpoint_id, source_system
            order by seconds_apart, touchpoint_id
        ) as repeat_number
    from nearest_originals
    where nearness_rank = 1

),

refunds as (

    select
        reported_refunds.touchpoint_id,
        reported_refunds.order_id,
        reported_refunds.amount,
        repeats.original_touchpoint_id as repeats_touchpoint_id,
        reported_refunds.amount is null and reported_refunds.is_unreadable as is_amount_missing
    from reported_refunds
    left join repeats
        on
            reported_refunds.touchpoint_id = repeats.touchpoint_id
            and repeats.repeat_number = 1

)

select * from refunds
