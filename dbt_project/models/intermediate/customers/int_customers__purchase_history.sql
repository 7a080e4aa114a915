-- One row per identified customer who has bought: the days on which they bought, and what a day of theirs is
-- worth.
-- Purchases of one day are one; an order given back or cancelled whole is none. Days run to the clock of the
-- run.
with

people as (

    select distinct customer_id from {{ ref('int_identity__people') }}

),

conversions as (

    select * from {{ ref('int_journeys__conversions') }}
    where
        conversion_kind = 'order'
        and customer_id is not null

),

purchase_days as (

    select
        conversions.customer_id,
        conversions.converted_on,
        count(*) as orders,
        -- In money, which adds up the same in any order.
        sum(cast(conversions.net_revenue * conversions.exchange_rate as {{ type_money() }})) as net_revenue
    from conversions
    inner join people
        on conversions.customer_id = people.customer_id
    where conversions.net_revenue * conversions.exchange_rate > 0
    group by conversions.customer_id, conversions.converted_on

),

purchase_history as (

    select
        customer_id,
        min(converted_on) as first_bought_on,
        max(converted_on) as last_bought_on,
        sum(orders) as orders,
        count(*) as purchase_days,
        count(*) - 1 as repeat_days,
        {{ dbt.datediff('min(converted_on)', 'max(converted_on)', 'day') }} as recency_days,
        greatest(
            {{ dbt.datediff('min(converted_on)', 'cast(' ~ run_at() ~ ' as date)', 'day') }},
            {{ dbt.datediff('min(converted_on)', 'max(converted_on)', 'day') }}
        ) as age_days,
        sum(net_revenue) as net_revenue,
        sum(net_revenue) / count(*) as average_day_value
    from purchase_days
    group by customer_id

)

select
    customer_id,
    first_bought_on,
    last_bought_on,
    cast(orders as {{ dbt.type_bigint() }}) as orders,
    purchase_days,
    repeat_days,
    recency_days,
    age_days,
    cast(net_revenue as double) as net_revenue,
    cast(average_day_value as double) as average_day_value
from purchase_history
