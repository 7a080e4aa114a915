-- One row per order, however many channels report it.
with

orders as (

    select * from {{ ref('int_commerce__orders') }}

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

dated_orders as (

    select
        orders.*,
        {{ local_date('orders.ordered_at', "coalesce(orders.timezone, 'UTC')") }} as ordered_on,
        {{ business_date(
            'orders.ordered_at', "coalesce(orders.timezone, 'UTC')", 'late_closing.day_ends_at'
        ) }} as business_date
    from orders
    left join channels
        on orders.channel_sold = channels.channel
    left join late_closing
        on
            orders.location_id = late_closing.location_id
            and channels.is_physical

),

valued_orders as (

    select
        dated_orders.order_id,
        dated_orders.customer_id,
        dated_orders.conversion_touchpoint_id,
        dated_orders.ordered_at,
        dated_orders.ordered_on,
        dated_orders.business_date,
        dated_orders.channel_sold,
        dated_orders.channel_fulfilled,
        dated_orders.fulfilment_kind,
        dated_orders.channel_paid,
        dated_orders.channel_returned,
        dated_orders.location_id,
        dated_orders.banner,
        cast(dated_orders.items as double) as items,
        dated_orders.currency,
        dated_orders.coupon,
        dated_orders.discount,
        dated_orders.other_charges,
        dated_orders.gross_revenue,
        dated_orders.gross_revenue is null as is_amount_missing,
        dated_orders.returned,
        dated_orders.cancelled,
        dated_orders.exchange_revenue,
        cast(
            dated_orders.gross_revenue - dated_orders.returned - dated_orders.cancelled as {{ type_money() }}
        ) as net_revenue,
        {{ reporting_currency() }} as reporting_currency,
        cast({{ reporting_rate('dated_orders.currency') }} as double) as exchange_rate,
        dated_orders.picked_up_at,
        dated_orders.first_returned_at,
        dated_orders.cancelled_at,
        dated_orders.cancelled_at is not null as is_cancelled,
        dated_orders.is_order_id_derived
    from dated_orders
    left join exchange_rates
        on {{ is_rate_of_day('dated_orders.currency', 'dated_orders.ordered_on') }}

),

numbered_orders as (

    select
        *,
        exchange_rate is null as is_rate_missing,
        cast({{ rounded('gross_revenue * exchange_rate', 4) }} as {{ type_money() }}) as gross_revenue_reporting,
        cast({{ rounded('net_revenue * exchange_rate', 4) }} as {{ type_money() }}) as net_revenue_reporting,
        cast({{ rounded('exchange_revenue * exchange_rate', 4) }} as {{ type_money() }}) as exchange_revenue_reporting,
        cast({{ rounded('discount * exchange_rate', 4) }} as {{ type_money() }}) as discount_reporting,
        cast(case
            when customer_id is not null
                then row_number() over (partition by customer_id order by ordered_at, order_id)
        end as {{ dbt.type_bigint() }}) as customer_order_number
    from valued_orders

)

select * from numbered_orders
