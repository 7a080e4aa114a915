-- One row per customer and day with a purchase or return: orders, bookings, applications and revenue in the reporting
-- currency. Every mart of customers sums these rows.
with

orders as (

    select * from {{ ref('int_commerce__reported_orders') }}

),

returns as (

    select * from {{ ref('int_commerce__reported_returns') }}

),

purchases as (

    select * from {{ ref('int_customers__purchases') }}
    where conversion_kind <> 'order'

),

-- Gross revenue is before cancellations, as in orders.
void_purchases as (

    select
        customer_id,
        converted_on as date_day,
        cast({{ rounded('revenue * cast(exchange_rate as double)', 4) }} as {{ type_money() }}) as gross_revenue
    from {{ ref('int_journeys__conversions') }}
    where
        is_void
        and conversion_kind <> 'order'

),

changes as (

    select
        customer_id,
        ordered_on as date_day,
        case when is_cancelled then 0 else 1 end as orders,
        0 as bookings,
        0 as applications,
        gross_revenue_reporting as gross_revenue,
        net_revenue_reporting as net_revenue
    from orders
    union all
    select
        customer_id,
        returned_on as date_day,
        0 as orders,
        0 as bookings,
        0 as applications,
        0 as gross_revenue,
        -- The net revenue of orders does not contain returns of unknown orders.
        exchange_revenue_reporting - case when is_order_known then 0 else returned_reporting end as net_revenue
    from returns
    union all
    select
        customer_id,
        purchased_on as date_day,
        0 as orders,
        case when conversion_kind = 'booking' then 1 else 0 end as bookings,
        case when conversion_kind = 'application' then 1 else 0 end as applications,
        gross_revenue,
        net_revenue
    from purchases
    union all
    select
        customer_id,
        date_day,
        0 as orders,
        0 as bookings,
        0 as applications,
        gross_revenue,
        0 as net_revenue
    from void_purchases

),

daily_sales as (

    select
        customer_id,
        date_day,
        cast(sum(orders) as {{ dbt.type_bigint() }}) as orders,
        cast(sum(bookings) as {{ dbt.type_bigint() }}) as bookings,
        cast(sum(applications) as {{ dbt.type_bigint() }}) as applications,
        cast(coalesce(sum(gross_revenue), 0) as {{ type_money() }}) as gross_revenue,
        cast(coalesce(sum(net_revenue), 0) as {{ type_money() }}) as net_revenue
    from changes
    where customer_id is not null
    group by customer_id, date_day

)

select * from daily_sales
