-- One row per customer with a purchase or return: valid purchases and revenue in the reporting currency, of all time.
with

daily_sales as (

    select * from {{ ref('int_customers__daily_sales') }}

),

purchases as (

    select * from {{ ref('int_customers__purchases') }}

),

sales_totals as (

    select
        customer_id,
        cast(sum(orders) as {{ dbt.type_bigint() }}) as orders,
        cast(sum(bookings) as {{ dbt.type_bigint() }}) as bookings,
        cast(sum(applications) as {{ dbt.type_bigint() }}) as applications,
        cast(sum(gross_revenue) as {{ type_money() }}) as gross_revenue,
        cast(sum(net_revenue) as {{ type_money() }}) as net_revenue
    from daily_sales
    group by customer_id

),

last_purchases as (

    select
        customer_id,
        count(*) as purchases,
        max(purchased_at) as last_purchase_at
    from purchases
    group by customer_id

),

purchase_totals as (

    select
        sales_totals.*,
        last_purchases.last_purchase_at,
        coalesce(last_purchases.purchases, 0) as purchases
    from sales_totals
    left join last_purchases
        on sales_totals.customer_id = last_purchases.customer_id

)

select * from purchase_totals
