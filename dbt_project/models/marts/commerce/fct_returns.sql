-- One row per return, refund, exchange or cancellation of an order, on the day on which it happened: what was
-- given back, and what the customer took in exchange.
-- What is given back for a cancelled order is part of the cancellation. Where no amount is told, it is what is
-- left of the order.
with

order_changes as (

    select * from {{ ref('int_commerce__order_changes') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

exchange_rates as (

    select * from {{ ref('int_commerce__exchange_rates') }}

),

placed_changes as (

    select
        order_changes.touchpoint_id,
        order_changes.order_id,
        order_changes.change_kind,
        order_changes.channel,
        order_changes.location_id,
        order_changes.occurred_at,
        order_changes.newly_sold,
        order_changes.is_whole,
        orders.order_id is not null as is_order_known,
        orders.ordered_on,
        orders.gross_revenue,
        orders.exchange_rate as order_exchange_rate,
        coalesce(orders.customer_id, order_changes.customer_id) as customer_id,
        coalesce(orders.currency, order_changes.currency, {{ reporting_currency() }}) as currency,
        coalesce(order_changes.currency <> orders.currency, false) as is_told_in_other_currency,
        {{ local_date('order_changes.occurred_at', "coalesce(order_changes.timezone, 'UTC')") }} as returned_on,
        case when not order_changes.is_whole then coalesce(order_changes.given_back, 0) end as told_amount,
        row_number() over (
            partition by order_changes.order_id, order_changes.is_whole, order_changes.change_kind = 'cancelled'
            order by order_changes.change_number
        ) as number_of_its_kind
    from order_changes
    left join orders
        on order_changes.order_id = orders.order_id
    where
        order_changes.change_kind in ('cancelled', 'exchanged')
        or orders.cancelled_at is null
        or order_changes.occurred_at < orders.cancelled_at

),

-- A whole return takes what single returns have left of the order, a cancellation what both have.
remainders as (

    select
        *,
        gross_revenue - sum(coalesce(told_amount, 0)) over (partition by order_id) as left_of_order,
        max(case when is_whole then 1 else 0 end) over (partition by order_id) = 1 as has_whole_return
    from placed_changes
    where
        not is_whole
        or number_of_its_kind = 1

),

valued_changes as (

    select
        *,
        cast(case
            when not is_order_known then coalesce(told_amount, 0)
            when is_whole then left_of_order
            when change_kind = 'cancelled' and has_whole_return then 0
            when change_kind = 'cancelled' then left_of_order
            else told_amount
        end as {{ type_money() }}) as given_back
    from remainders

),

converted_changes as (

    select
        valued_changes.*,
        cast({{ reporting_rate('valued_changes.currency') }} as double) as exchange_rate
    from valued_changes
    left join exchange_rates
        on {{ is_rate_of_day('valued_changes.currency', 'valued_changes.returned_on') }}

),

described_returns as (

    select
        touchpoint_id as return_id,
        order_id,
        is_order_known,
        customer_id,
        change_kind as return_kind,
        channel,
        location_id,
        occurred_at as returned_at,
        returned_on,
        ordered_on,
        cast({{ dbt.datediff('ordered_on', 'returned_on', 'day') }} as {{ dbt.type_bigint() }}) as days_after_order,
        currency,
        is_told_in_other_currency,
        given_back,
        newly_sold,
        cast(newly_sold - given_back as {{ type_money() }}) as net_change,
        {{ reporting_currency() }} as reporting_currency,
        exchange_rate,
        exchange_rate is null as is_rate_missing,
        cast(given_back * exchange_rate as {{ type_money() }}) as given_back_reporting,
        cast(newly_sold * exchange_rate as {{ type_money() }}) as newly_sold_reporting,
        cast((newly_sold - given_back) * exchange_rate as {{ type_money() }}) as net_change_reporting,
        cast(
            (newly_sold - given_back) * order_exchange_rate as {{ type_money() }}
        ) as net_change_at_order_rate
    from converted_changes

)

select * from described_returns
