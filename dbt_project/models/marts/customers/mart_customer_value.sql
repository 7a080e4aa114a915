-- One row per identified customer who has bought: what they have been worth, and what they may be worth in
-- the next 12 months.
with

purchase_history as (

    select * from {{ ref('int_customers__purchase_history') }}

),

purchase_totals as (

    select * from {{ ref('int_customers__purchase_totals') }}

),

rfm as (

    select * from {{ ref('int_customers__rfm') }}

),

rfm_segments as (

    select * from {{ ref('rfm_segments') }}

),

forecast as (

    select * from {{ ref('int_customers__value_forecast') }}

),

customer_value as (

    select
        purchase_history.customer_id,
        purchase_history.first_bought_on,
        purchase_history.last_bought_on,
        purchase_totals.orders,
        purchase_totals.bookings,
        purchase_totals.applications,
        purchase_history.purchase_days,
        purchase_history.repeat_days,
        cast(purchase_history.recency_days as {{ dbt.type_bigint() }}) as recency_days,
        cast(purchase_history.age_days as {{ dbt.type_bigint() }}) as age_days,
        cast(purchase_history.age_days - purchase_history.recency_days as {{ dbt.type_bigint() }})
            as days_since_last_purchase,
        cast(purchase_totals.net_revenue as {{ type_money() }}) as net_revenue,
        cast({{ rounded('purchase_history.average_day_value', 4) }} as {{ type_money() }}) as average_day_value,
        rfm.recency_score,
        rfm.frequency_score,
        rfm.monetary_score,
        rfm_segments.segment,
        forecast.probability_alive,
        forecast.expected_purchases as expected_purchases_12m,
        cast({{ rounded('forecast.expected_average', 4) }} as {{ type_money() }}) as expected_purchase_value,
        cast(
            {{ rounded('forecast.expected_purchases * forecast.expected_average', 4) }} as {{ type_money() }}
        ) as expected_value_12m,
        forecast.frequency_method,
        forecast.value_method,
        {{ reporting_currency() }} as reporting_currency
    from purchase_history
    inner join purchase_totals
        on purchase_history.customer_id = purchase_totals.customer_id
    inner join rfm
        on purchase_history.customer_id = rfm.customer_id
    inner join rfm_segments
        on
            rfm.recency_score between rfm_segments.recency_from and rfm_segments.recency_to
            and rfm.frequency_score between rfm_segments.frequency_from and rfm_segments.frequency_to
    inner join forecast
        on purchase_history.customer_id = forecast.customer_id

)

select * from customer_value
