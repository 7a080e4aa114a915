-- One row per household: the people in it now and what they buy.
with

members as (

    select * from {{ ref('fct_household_members') }}

),

customers as (

    select * from {{ ref('dim_customers') }}
    where not is_internal

),

households as (

    select
        members.household_id,
        min(members.valid_from) as first_stated_at,
        count(distinct case when members.is_current then members.customer_id end) as people,
        count(distinct case when not members.is_current then members.customer_id end) as people_who_left,
        count(
            distinct case when members.is_current and customers.loyalty_id is not null then members.customer_id end
        ) as loyalty_members,
        count(distinct case when members.is_current and customers.orders > 0 then members.customer_id end) as buyers,
        cast(
            coalesce(sum(case when members.is_current then customers.orders end), 0) as {{ dbt.type_bigint() }}
        ) as orders,
        cast(
            coalesce(sum(case when members.is_current then customers.net_revenue end), 0) as {{ type_money() }}
        ) as net_revenue,
        max(case when members.is_current then customers.last_order_at end) as last_order_at
    from members
    inner join customers
        on members.customer_id = customers.customer_id
    group by members.household_id

)

select
    household_id,
    people,
    people_who_left,
    loyalty_members,
    buyers,
    orders,
    net_revenue,
    {{ reporting_currency() }} as reporting_currency,
    last_order_at,
    first_stated_at
from households
