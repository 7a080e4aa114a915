-- One row per entry of the loyalty ledger, with the balances after it.
with

loyalty_entries as (

    select * from {{ ref('int_customers__loyalty_entries') }}

),

judged_entries as (

    select
        *,
        balance < 0 or stored_value_balance < 0 as is_below_zero
    from loyalty_entries

)

select * from judged_entries
