-- A row is a month in which the customers of all kinds are not the people who used a channel of ours in it.
with

people as (

    select
        cast({{ dbt.date_trunc('month', 'touchpoints.local_date') }} as date) as month_start_date,
        count(distinct touchpoints.customer_id) as people
    from {{ ref('fct_touchpoints') }} as touchpoints
    inner join {{ ref('dim_channels') }} as channels
        on touchpoints.channel = channels.channel
    inner join {{ ref('dim_customers') }} as customers
        on touchpoints.customer_id = customers.customer_id
    where
        channels.is_owned
        and customers.is_identified
        and touchpoints.direction = 'inbound'
        and {{ is_counted("touchpoints") }}
    group by cast({{ dbt.date_trunc('month', 'touchpoints.local_date') }} as date)

),

kinds as (

    select
        month_start_date,
        sum(customers) as people
    from {{ ref('mart_omnichannel') }}
    group by month_start_date

)

select
    people.month_start_date,
    people.people,
    kinds.people as people_by_kind
from people
full outer join kinds
    on people.month_start_date = kinds.month_start_date
where coalesce(people.people, -1) <> coalesce(kinds.people, -1)
