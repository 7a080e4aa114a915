-- One row per identified customer who has bought: scores from 1 to 5 for how lately, how often and how much.
-- A score of 5 is the best fifth of customers; equal customers have equal scores.
with

purchase_history as (

    select * from {{ ref('int_customers__purchase_history') }}

),

ranked_customers as (

    select
        customer_id,
        percent_rank() over (order by last_bought_on) as recency_rank,
        percent_rank() over (order by purchase_days) as frequency_rank,
        percent_rank() over (order by net_revenue) as monetary_rank
    from purchase_history

),

rfm as (

    select
        customer_id,
    {%- for score in ['recency', 'frequency', 'monetary'] %}
    cast(
        case when {{ score }}_rank >= 0.8 then 5 else floor({{ score }}_rank * 5) + 1 end
        as {{ dbt.type_int() }}
    ) as {{ score }}_score{{ "," if not loop.last }}
    {%- endfor %}
    from ranked_customers

)

select * from rfm
