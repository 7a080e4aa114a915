-- One row per customer with a loyalty account: the points and the money on the card now. If the card has several
-- currencies, the one used last counts.
with

loyalty_entries as (

    select * from {{ ref('int_customers__loyalty_entries') }}
    where customer_id is not null

),

ranked_entries as (

    select
        *,
        row_number() over (partition by customer_id order by occurred_at desc, entry_id desc) as recency_rank
    from loyalty_entries

),

loyalty_totals as (

    select
        customer_id,
        balance as loyalty_points,
        stored_value_balance as stored_value,
        stored_value_currency
    from ranked_entries
    where recency_rank = 1

)

select * from loyalty_totals
