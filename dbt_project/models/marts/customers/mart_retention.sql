-- One row per month in which people were won, channel that won them, and month since then: who came back, and
-- what they spent.
-- People are identified customers; they are won in the month of their first inbound touchpoint, which is
-- month 0.
with

customers as (

    select * from {{ ref('dim_customers') }}
    where
        is_identified
        and {{ is_external() }}

),

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where
        direction = 'inbound'
        and {{ is_counted() }}

),

daily_sales as (

    select * from {{ ref('int_customers__daily_sales') }}

),

dates as (

    select * from {{ ref('dim_dates') }}
    where day_of_month = 1

),

active_months as (

    select distinct
        touchpoints.customer_id,
        customers.acquisition_channel,
        cast({{ dbt.date_trunc('month', 'touchpoints.local_date') }} as date) as month_start_date
    from touchpoints
    inner join customers
        on touchpoints.customer_id = customers.customer_id

),

acquisitions as (

    select
        customer_id,
        acquisition_channel,
        min(month_start_date) as acquisition_month
    from active_months
    group by customer_id, acquisition_channel

),

-- A record may be dated before the calendar begins.
months as (

    select month_start_date from dates
    union
    select month_start_date from active_months

),

cohorts as (

    select
        acquisition_month,
        acquisition_channel,
        count(*) as customers
    from acquisitions
    group by acquisition_month, acquisition_channel

),

cohort_months as (

    select
        cohorts.acquisition_month,
        cohorts.acquisition_channel,
        cohorts.customers,
        months.month_start_date,
        {{ dbt.datediff('cohorts.acquisition_month', 'months.month_start_date', 'month') }} as month_number
    from cohorts
    inner join months
        on
            cohorts.acquisition_month <= months.month_start_date
            and {{ run_at() }} >= months.month_start_date

),

activity as (

    select
        acquisitions.acquisition_month,
        acquisitions.acquisition_channel,
        active_months.month_start_date,
        count(*) as retained
    from active_months
    inner join acquisitions
        on active_months.customer_id = acquisitions.customer_id
    group by acquisitions.acquisition_month, acquisitions.acquisition_channel, active_months.month_start_date

),

sales as (

    select
        acquisitions.acquisition_month,
        acquisitions.acquisition_channel,
        cast({{ dbt.date_trunc('month', 'daily_sales.date_day') }} as date) as month_start_date,
        count(
            distinct case
                when daily_sales.orders + daily_sales.bookings + daily_sales.applications > 0
                    then daily_sales.customer_id
            end
        ) as buyers,
        sum(daily_sales.orders) as orders,
        sum(daily_sales.bookings) as bookings,
        sum(daily_sales.net_revenue) as net_revenue
    from daily_sales
    inner join acquisitions
        on daily_sales.customer_id = acquisitions.customer_id
    group by
        acquisitions.acquisition_month,
        acquisitions.acquisition_channel,
        cast({{ dbt.date_trunc('month', 'daily_sales.date_day') }} as date)

),

cohort_results as (

    select
        cohort_months.acquisition_month,
        cohort_months.acquisition_channel,
        cohort_months.month_number,
        cohort_months.month_start_date,
        cohort_months.customers,
        coalesce(activity.retained, 0) as retained,
        coalesce(sales.buyers, 0) as buyers,
        cast(coalesce(sales.orders, 0) as {{ dbt.type_bigint() }}) as orders,
        cast(coalesce(sales.bookings, 0) as {{ dbt.type_bigint() }}) as bookings,
        coalesce(sales.net_revenue, 0) as net_revenue,
        sum(coalesce(sales.net_revenue, 0)) over (
            partition by cohort_months.acquisition_month, cohort_months.acquisition_channel
            order by cohort_months.month_number
            rows between unbounded preceding and current row
        ) as cumulative_net_revenue
    from cohort_months
    left join activity
        on
            cohort_months.acquisition_month = activity.acquisition_month
            and cohort_months.acquisition_channel = activity.acquisition_channel
            and cohort_months.month_start_date = activity.month_start_date
    left join sales
        on
            cohort_months.acquisition_month = sales.acquisition_month
            and cohort_months.acquisition_channel = sales.acquisition_channel
            and cohort_months.month_start_date = sales.month_start_date

),

retention as (

    select
        acquisition_month,
        acquisition_channel,
        cast(month_number as {{ dbt.type_int() }}) as month_number,
        month_start_date,
        customers,
        retained,
        {{ safe_divide('retained', 'customers') }} as retention_rate,
        buyers,
        orders,
        bookings,
        cast(net_revenue as {{ type_money() }}) as net_revenue,
        cast(cumulative_net_revenue as {{ type_money() }}) as cumulative_net_revenue,
        {{ safe_divide('cumulative_net_revenue', 'customers') }} as cumulative_net_revenue_per_customer,
        {{ reporting_currency() }} as reporting_currency
    from cohort_results

)

select * from retention
