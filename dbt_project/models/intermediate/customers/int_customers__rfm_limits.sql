-- One row per score from 2 to 5, with the lowest recency, frequency and revenue that earn the score. A score of 5 is
-- the best fifth of customers. Customers with equal values have equal scores.
with

purchase_history as (

    select * from {{ ref('int_customers__purchase_history') }}

),

ranked_customers as (

    select
        last_bought_on,
        purchase_days,
        net_revenue,
        percent_rank() over (order by last_bought_on) as recency_rank,
        percent_rank() over (order by purchase_days) as frequency_rank,
        percent_rank() over (order by net_revenue) as monetary_rank
    from purchase_history

),

rfm_limits as (

    {%- for score in [2, 3, 4, 5] %}
    select
        {{ score }} as score,
        min(case when recency_rank >= {{ (score - 1) / 5 }} then last_bought_on end) as recency_from,
        min(case when frequency_rank >= {{ (score - 1) / 5 }} then purchase_days end) as frequency_from,
        min(case when monetary_rank >= {{ (score - 1) / 5 }} then net_revenue end) as monetary_from
    from ranked_customers
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select * from rfm_limits
