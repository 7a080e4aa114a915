-- A failing row is a member whose balance after the newest entry, or whose points in `dim_customers`, are
-- not the sum of all entries of the ledger: an app and a point of sale would show different balances.
with

entries as (

    select * from {{ ref('fct_loyalty') }}
    where customer_id is not null

),

customers as (

    select * from {{ ref('dim_customers') }}

),

newest_first as (

    select
        *,
        row_number() over (partition by customer_id order by occurred_at desc, entry_id desc) as recency_rank
    from entries

),

members as (

    select
        customer_id,
        sum(points) as points,
        max(case when recency_rank = 1 then balance end) as balance
    from newest_first
    group by customer_id

)

select
    members.customer_id,
    members.points,
    members.balance,
    customers.loyalty_points
from members
left join customers
    on members.customer_id = customers.customer_id
where
    members.points <> members.balance
    or members.points <> coalesce(customers.loyalty_points, 0)
