-- One row per month and customer kind: what people of that kind were worth in that month, and whether they
-- came back.
-- People are identified customers with an inbound touchpoint on a channel of ours in that month. The kind is
-- what they had become by the end of it: continued a handoff so far, used several channels so far, or one.
with

customers as (

    select * from {{ ref('dim_customers') }}
    where
        is_identified
        and {{ is_external() }}

),

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where
        direction = 'inbound'
        and {{ is_counted() }}

),

channels as (

    select * from {{ ref('dim_channels') }}
    where is_owned

),

transitions as (

    select * from {{ ref('fct_journey_transitions') }}
    where is_handoff

),

daily_sales as (

    select * from {{ ref('int_customers__daily_sales') }}

),

support_cases as (

    select * from {{ ref('fct_support_cases') }}

),

owned_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.channel,
        cast({{ dbt.date_trunc('month', 'touchpoints.local_date') }} as date) as month_start_date
    from touchpoints
    inner join customers
        on touchpoints.customer_id = customers.customer_id
    inner join channels
        on touchpoints.channel = channels.channel

),

first_uses as (

    select
        customer_id,
        channel,
        min(month_start_date) as month_start_date
    from owned_touchpoints
    group by customer_id, channel

),

new_channels as (

    select
        customer_id,
        month_start_date,
        count(*) as new_channels
    from first_uses
    group by customer_id, month_start_date

),

handoffs as (

    select
        owned_touchpoints.customer_id,
        owned_touchpoints.month_start_date,
        sum(case when transitions.outcome = 'continued' then 1 else 0 end) as handoffs_continued,
        sum(case when transitions.outcome = 'restarted' then 1 else 0 end) as handoffs_restarted
    from transitions
    inner join owned_touchpoints
        on transitions.to_touchpoint_id = owned_touchpoints.touchpoint_id
    group by owned_touchpoints.customer_id, owned_touchpoints.month_start_date

),

active_months as (

    select distinct
        customer_id,
        month_start_date
    from owned_touchpoints

),

customer_months as (

    select
        active_months.customer_id,
        active_months.month_start_date,
        lead(active_months.month_start_date) over (
            partition by active_months.customer_id
            order by active_months.month_start_date
        ) as next_active_month,
        coalesce(handoffs.handoffs_continued, 0) as handoffs_continued,
        coalesce(handoffs.handoffs_restarted, 0) as handoffs_restarted,
        sum(coalesce(handoffs.handoffs_continued, 0)) over (
            partition by active_months.customer_id
            order by active_months.month_start_date
            rows between unbounded preceding and current row
        ) as handoffs_continued_so_far,
        sum(coalesce(new_channels.new_channels, 0)) over (
            partition by active_months.customer_id
            order by active_months.month_start_date
            rows between unbounded preceding and current row
        ) as channels_so_far
    from active_months
    left join new_channels
        on
            active_months.customer_id = new_channels.customer_id
            and active_months.month_start_date = new_channels.month_start_date
    left join handoffs
        on
            active_months.customer_id = handoffs.customer_id
            and active_months.month_start_date = handoffs.month_start_date

),

sales as (

    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'date_day') }} as date) as month_start_date,
        sum(orders) as orders,
        sum(bookings) as bookings,
        sum(net_revenue) as net_revenue
    from daily_sales
    group by customer_id, cast({{ dbt.date_trunc('month', 'date_day') }} as date)

),

ratings as (

    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'opened_at') }} as date) as month_start_date,
        sum(csat) as csat_total,
        count(csat) as rated_cases
    from support_cases
    where customer_id is not null
    group by customer_id, cast({{ dbt.date_trunc('month', 'opened_at') }} as date)

),

kinds as (

    select
        customer_months.month_start_date,
        case
            when customer_months.handoffs_continued_so_far > 0 then 'omnichannel'
            when customer_months.channels_so_far > 1 then 'multichannel'
            else 'single_channel'
        end as kind,
        count(*) as customers,
        sum(
            case
                when
                    {{ dbt.datediff(
                        'customer_months.month_start_date', 'customer_months.next_active_month', 'month'
                    ) }} = 1
                    then 1
                else 0
            end
        ) as retained,
        sum(coalesce(sales.orders, 0)) as orders,
        sum(coalesce(sales.bookings, 0)) as bookings,
        sum(coalesce(sales.net_revenue, 0)) as net_revenue,
        sum(ratings.csat_total) as csat_total,
        sum(coalesce(ratings.rated_cases, 0)) as rated_cases,
        sum(customer_months.handoffs_continued) as handoffs_continued,
        sum(customer_months.handoffs_restarted) as handoffs_restarted
    from customer_months
    left join sales
        on
            customer_months.customer_id = sales.customer_id
            and customer_months.month_start_date = sales.month_start_date
    left join ratings
        on
            customer_months.customer_id = ratings.customer_id
            and customer_months.month_start_date = ratings.month_start_date
    group by
        customer_months.month_start_date,
        case
            when customer_months.handoffs_continued_so_far > 0 then 'omnichannel'
            when customer_months.channels_so_far > 1 then 'multichannel'
            else 'single_channel'
        end

),

omnichannel as (

    select
        month_start_date,
        kind,
        customers,
        cast(orders as {{ dbt.type_bigint() }}) as orders,
        {{ safe_divide('orders', 'customers') }} as orders_per_customer,
        cast(bookings as {{ dbt.type_bigint() }}) as bookings,
        cast(net_revenue as {{ type_money() }}) as net_revenue,
        {{ safe_divide('net_revenue', 'customers') }} as net_revenue_per_customer,
        {{ reporting_currency() }} as reporting_currency,
        cast(retained as {{ dbt.type_bigint() }}) as retained,
        case
            when
                cast({{ dbt.dateadd('month', 2, 'month_start_date') }} as {{ dbt.type_timestamp() }}) <= {{ run_at() }}
                then {{ safe_divide('retained', 'customers') }}
        end as retention_rate,
        {{ safe_divide('csat_total', 'rated_cases') }} as csat,
        cast(rated_cases as {{ dbt.type_bigint() }}) as rated_cases,
        cast(handoffs_continued as {{ dbt.type_bigint() }}) as handoffs_continued,
        cast(handoffs_restarted as {{ dbt.type_bigint() }}) as handoffs_restarted,
        {{ safe_divide('handoffs_continued', '(handoffs_continued + handoffs_restarted)') }} as continuity_rate
    from kinds

)

select * from omnichannel
