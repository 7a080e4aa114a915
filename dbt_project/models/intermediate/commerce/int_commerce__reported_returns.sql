-- One row per return, refund, exchange or cancellation of an order, on its own day, with the returned amount and the
-- value of goods taken in exchange. Returns after a cancellation are part of the cancellation. A return without an
-- amount returns all that is left of the order; one with an unreadable amount has none.
with

order_changes as (

    select * from {{ ref('int_commerce__order_changes') }}

),

orders as (

    select * from {{ ref('int_commerce__reported_orders') }}

),

exchange_rates as (

    select * from {{ ref('int_commerce__exchange_rates') }}

),

channels as (

    select * from {{ ref('channels') }}

),

late_closing as (

    select * from {{ ref('late_closing') }}

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
        order_changes.is_amount_missing,
        orders.order_id is not null as is_order_known,
        orders.ordered_on,
        orders.gross_revenue,
        orders.exchange_rate as order_exchange_rate,
        coalesce(orders.customer_id, order_changes.customer_id) as customer_id,
        coalesce(orders.currency, order_changes.currency, {{ reporting_currency() }}) as currency,
        coalesce(order_changes.currency <> orders.currency, false) as is_told_in_other_currency,
        {{ local_date('order_changes.occurred_at', "coalesce(order_changes.timezone, 'UTC')") }} as returned_on,
        {{ business_date(
            'order_changes.occurred_at', "coalesce(order_changes.timezone, 'UTC')", 'late_closing.day_ends_at'
        ) }} as business_date,
        case
            when order_changes.change_kind <> 'cancelled' and not order_changes.is_whole then order_changes.given_back
        end as stated_amount,
        row_number() over (
            partition by order_changes.order_id, order_changes.is_whole, order_changes.change_kind = 'cancelled'
            order by order_changes.change_number
        ) as number_of_its_kind
    from order_changes
    left join orders
        on order_changes.order_id = orders.order_id
    left join channels
        on order_changes.channel = channels.channel
    left join late_closing
        on
            order_changes.location_id = late_closing.location_id
            and channels.is_physical
    where
        order_changes.change_kind in ('cancelled', 'exchanged')
        or orders.cancelled_at is null
        or order_changes.occurred_at < orders.cancelled_at

),

-- A whole return takes what partial returns have left of the order, a cancellation what both have left.
remainders as (

    select
        *,
        gross_revenue - sum(coalesce(stated_amount, 0) - newly_sold) over (partition by order_id) as left_of_order,
        sum(case when change_kind = 'exchanged' then greatest(newly_sold - stated_amount, 0) else 0 end) over (
            partition by order_id
        ) as left_of_exchanges,
        max(case when is_whole then 1 else 0 end) over (partition by order_id) = 1 as has_whole_return
    from placed_changes
    where
        (not is_whole and change_kind <> 'cancelled')
        or number_of_its_kind = 1

),

valued_changes as (

    select
        *,
        cast(case
            when is_amount_missing then null
            when not is_order_known then coalesce(stated_amount, 0)
            when is_whole then left_of_order
            when change_kind = 'cancelled' and has_whole_return then 0
            when change_kind = 'cancelled' then left_of_order
            else stated_amount
        end as {{ type_money() }}) as given_back,
        is_order_known and (is_whole or (change_kind = 'cancelled' and not has_whole_return)) as takes_the_rest
    from remainders

),

-- The extra payment of an exchange is revenue of its own day. If the rest of the order is returned, it is returned too.
revenue_changes as (

    select
        *,
        cast(case
            when change_kind = 'exchanged' then greatest(newly_sold - given_back, 0)
            when takes_the_rest then -left_of_exchanges
            else 0
        end as {{ type_money() }}) as exchange_revenue
    from valued_changes

),

split_changes as (

    select
        *,
        cast(
            case when change_kind <> 'cancelled' then given_back - newly_sold + exchange_revenue else 0 end
            as {{ type_money() }}
        ) as returned,
        cast(
            case when change_kind = 'cancelled' then given_back - newly_sold + exchange_revenue else 0 end
            as {{ type_money() }}
        ) as cancelled
    from revenue_changes

),

converted_changes as (

    select
        split_changes.*,
        cast({{ reporting_rate('split_changes.currency') }} as double) as exchange_rate
    from split_changes
    left join exchange_rates
        on {{ is_rate_of_day('split_changes.currency', 'split_changes.returned_on') }}

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
        business_date,
        ordered_on,
        cast({{ dbt.datediff('ordered_on', 'returned_on', 'day') }} as {{ dbt.type_bigint() }}) as days_after_order,
        currency,
        is_told_in_other_currency,
        given_back,
        newly_sold,
        given_back is null as is_amount_missing,
        returned,
        cancelled,
        exchange_revenue,
        cast(newly_sold - given_back as {{ type_money() }}) as net_change,
        {{ reporting_currency() }} as reporting_currency,
        exchange_rate,
        exchange_rate is null as is_rate_missing,
        cast({{ rounded('given_back * exchange_rate', 4) }} as {{ type_money() }}) as given_back_reporting,
        cast({{ rounded('newly_sold * exchange_rate', 4) }} as {{ type_money() }}) as newly_sold_reporting,
        cast({{ rounded('returned * exchange_rate', 4) }} as {{ type_money() }}) as returned_reporting,
        cast({{ rounded('cancelled * exchange_rate', 4) }} as {{ type_money() }}) as cancelled_reporting,
        cast({{ rounded('exchange_revenue * exchange_rate', 4) }} as {{ type_money() }}) as exchange_revenue_reporting,
        cast(
            {{ rounded('(newly_sold - given_back) * exchange_rate', 4) }} as {{ type_money() }}
        ) as net_change_reporting,
        cast(
            {{ rounded('(newly_sold - given_back) * order_exchange_rate', 4) }} as {{ type_money() }}
        ) as net_change_at_order_rate
    from converted_changes

)

select * from described_returns
