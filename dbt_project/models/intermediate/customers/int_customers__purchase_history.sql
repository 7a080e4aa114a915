-- One row per identified customer who has bought, with the number of purchase days and their average value. Purchases
-- of one day count once. A purchase that was completely returned or cancelled does not count; a free one does. Days run
-- to the clock of the run.
with

people as (

    select distinct customer_id from {{ ref('int_identity__people') }}

),

purchases as (

    select * from {{ ref('int_customers__purchases') }}
    where
        not is_given_back
        and not is_value_missing

),

purchase_days as (

    select
        purchases.customer_id,
        purchases.purchased_on,
        {{ count_where("purchases.conversion_kind = 'order'") }} as orders,
        {{ count_where("purchases.conversion_kind = 'booking'") }} as bookings,
        {{ count_where("purchases.conversion_kind = 'application'") }} as applications,
        sum(purchases.net_revenue) as net_revenue
    from purchases
    inner join people
        on purchases.customer_id = people.customer_id
    group by purchases.customer_id, purchases.purchased_on

),

purchase_history as (

    select
        customer_id,
        min(purchased_on) as first_bought_on,
        max(purchased_on) as last_bought_on,
        sum(orders) as orders,
        sum(bookings) as bookings,
        sum(applications) as applications,
        count(*) as purchase_days,
        count(*) - 1 as repeat_days,
        {{ dbt.datediff('min(purchased_on)', 'max(purchased_on)', 'day') }} as recency_days,
        greatest(
            {{ dbt.datediff('min(purchased_on)', 'cast(' ~ run_at() ~ ' as date)', 'day') }},
            {{ dbt.datediff('min(purchased_on)', 'max(purchased_on)', 'day') }}
        ) as age_days,
        sum(net_revenue) as net_revenue,
        {{ safe_divide('sum(net_revenue)', 'count(*)') }} as average_day_value
    from purchase_days
    group by customer_id

)

select
    customer_id,
    first_bought_on,
    last_bought_on,
    cast(orders as {{ dbt.type_bigint() }}) as orders,
    cast(bookings as {{ dbt.type_bigint() }}) as bookings,
    cast(applications as {{ dbt.type_bigint() }}) as applications,
    purchase_days,
    repeat_days,
    recency_days,
    age_days,
    cast(net_revenue as double) as net_revenue,
    cast(average_day_value as double) as average_day_value
from purchase_history
