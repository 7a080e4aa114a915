-- One row per identified customer who has bought: scores from 1 to 5 for how lately, how often and how much.
with

purchase_history as (

    select * from {{ ref('int_customers__purchase_history') }}

),

rfm_limits as (

    select * from {{ ref('int_customers__rfm_limits') }}

),

rfm as (

    select
        purchase_history.customer_id,
        cast(
            1 + {{ count_where('purchase_history.last_bought_on >= rfm_limits.recency_from') }}
            as {{ dbt.type_int() }}
        ) as recency_score,
        cast(
            1 + {{ count_where('purchase_history.purchase_days >= rfm_limits.frequency_from') }}
            as {{ dbt.type_int() }}
        ) as frequency_score,
        cast(
            1 + {{ count_where('purchase_history.net_revenue >= rfm_limits.monetary_from') }}
            as {{ dbt.type_int() }}
        ) as monetary_score
    from purchase_history
    cross join rfm_limits
    group by purchase_history.customer_id

)

select * from rfm
