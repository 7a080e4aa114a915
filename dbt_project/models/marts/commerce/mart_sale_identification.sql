-- One row per month, location and way in which the customer of a sale was known.
with

orders as (

    select * from {{ ref('fct_orders') }}

),

channels as (

    select * from {{ ref('channels') }}
    where is_physical

),

sales as (

    select
        coalesce(orders.location_id, 'unknown') as location_id,
        orders.identified_by,
        orders.gross_revenue_reporting,
        cast({{ dbt.date_trunc('month', 'orders.ordered_on') }} as date) as month_start_date
    from orders
    inner join channels
        on orders.channel_sold = channels.channel

),

counted_sales as (

    select
        month_start_date,
        location_id,
        identified_by,
        identified_by <> 'none' as is_identified,
        count(*) as sales,
        sum(gross_revenue_reporting) as gross_revenue
    from sales
    group by month_start_date, location_id, identified_by

),

sale_identification as (

    select
        month_start_date,
        location_id,
        identified_by,
        is_identified,
        sales,
        cast(
            sum(sales) over (partition by month_start_date, location_id) as {{ dbt.type_bigint() }}
        ) as sales_of_location,
        {{ safe_divide('sales', 'sum(sales) over (partition by month_start_date, location_id)') }} as share_of_sales,
        cast(gross_revenue as {{ type_money() }}) as gross_revenue,
        {{ reporting_currency() }} as reporting_currency
    from counted_sales

)

select * from sale_identification
