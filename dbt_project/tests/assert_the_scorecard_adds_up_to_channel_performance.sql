-- A failing row is a month and channel whose revenue, spend, sessions or attributed revenue differ between the marts.
with

scorecard as (

    select
        period_start_date,
        channel,
        sum(revenue) as revenue,
        sum(spend) as spend,
        sum(sessions) as sessions,
        sum(attributed_revenue) as attributed_revenue
    from {{ ref('mart_scorecard') }}
    where period = 'month'
    group by period_start_date, channel

),

channel_performance as (

    select
        cast({{ dbt.date_trunc('month', adapter.quote('date')) }} as date) as period_start_date,
        channel,
        sum(revenue) as revenue,
        sum(spend) as spend,
        sum(sessions) as sessions,
        sum(attributed_revenue_{{ var('scorecard_model') }}) as attributed_revenue
    from {{ ref('mart_channel_performance') }}
    group by cast({{ dbt.date_trunc('month', adapter.quote('date')) }} as date), channel

)

select
    channel_performance.period_start_date,
    channel_performance.channel,
    channel_performance.revenue,
    scorecard.revenue as revenue_of_scorecard
from channel_performance
left join scorecard
    on
        channel_performance.period_start_date = scorecard.period_start_date
        and channel_performance.channel = scorecard.channel
where
    channel_performance.revenue <> coalesce(scorecard.revenue, 0)
    or channel_performance.spend <> coalesce(scorecard.spend, 0)
    or channel_performance.sessions <> coalesce(scorecard.sessions, 0)
    or abs(channel_performance.attributed_revenue - coalesce(scorecard.attributed_revenue, 0)) > 0.01
