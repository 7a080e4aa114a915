-- One row per rule of the seed `business_alerts`, channel (or all) and day of the last four weeks: the figure, what it
-- is compared with, and whether it breaks the rule.
with

rules as (

    select * from {{ ref('business_alerts') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

channel_performance as (

    select * from {{ ref('mart_channel_performance') }}

),

scorecard_days as (

    select * from {{ ref('mart_scorecard_days') }}

),

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where {{ is_counted() }}

),

channels as (

    select * from {{ ref('dim_channels') }}
    where is_owned

),

recognised_touchpoints as (

    select
        touchpoints.local_date as date_day,
        touchpoints.channel,
        {{ count_where('touchpoints.is_identified') }} as recognised,
        count(*) as touchpoints
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    where touchpoints.direction = 'inbound'
    group by touchpoints.local_date, touchpoints.channel

),

rated_days as (

    select
        {{ adapter.quote('date') }} as date_day,
        channel,
        sum(csat_points) as csat_points,
        sum(rated_cases) as rated_cases
    from scorecard_days
    group by {{ adapter.quote('date') }}, channel

),

figures as (

    select
        'conversion_rate' as metric,
        {{ adapter.quote('date') }} as date_day,
        channel,
        cast(conversions as decimal(38, 6)) as numerator,
        cast(sessions as decimal(38, 6)) as denominator
    from channel_performance
    where sessions > 0
    union all
    select
        'contact_rate' as metric,
        {{ adapter.quote('date') }} as date_day,
        channel,
        cast(contacts_caused as decimal(38, 6)) as numerator,
        cast(customers as decimal(38, 6)) as denominator
    from channel_performance
    union all
    select
        'refund_rate' as metric,
        {{ adapter.quote('date') }} as date_day,
        channel,
        cast(returned as decimal(38, 6)) as numerator,
        cast(revenue as decimal(38, 6)) as denominator
    from channel_performance
    union all
    select
        'csat' as metric,
        date_day,
        channel,
        cast({{ rounded('csat_points', 6) }} as decimal(38, 6)) as numerator,
        cast(rated_cases as decimal(38, 6)) as denominator
    from rated_days
    union all
    select
        'stitch_rate' as metric,
        date_day,
        channel,
        cast(recognised as decimal(38, 6)) as numerator,
        cast(touchpoints as decimal(38, 6)) as denominator
    from recognised_touchpoints

),

ruled_figures as (

    select
        rules.alert,
        rules.window_days,
        rules.min_count,
        figures.date_day,
        case when rules.grain = 'channel' then figures.channel else '(all)' end as channel,
        sum(figures.numerator) as numerator,
        sum(figures.denominator) as denominator
    from rules
    inner join figures
        on rules.metric = figures.metric
    group by
        rules.alert,
        rules.window_days,
        rules.min_count,
        case when rules.grain = 'channel' then figures.channel else '(all)' end,
        figures.date_day

),

-- The four weeks up to the last day that is over, and the eight weeks before that they are compared with.
days as (

    select
        date_day,
        {{ dbt.datediff('date_day', run_at(), 'day') }} as days_ago
    from dates
    where {{ dbt.datediff('date_day', run_at(), 'day') }} between 1 and 84

),

windows as (

    select
        days.date_day,
        days.days_ago,
        ruled_figures.alert,
        ruled_figures.channel,
        max(ruled_figures.min_count) as min_count,
        sum(ruled_figures.numerator) as numerator,
        sum(ruled_figures.denominator) as denominator
    from days
    inner join ruled_figures
        on
            days.date_day >= ruled_figures.date_day
            and {{ dbt.datediff('ruled_figures.date_day', 'days.date_day', 'day') }} < ruled_figures.window_days
    group by days.date_day, days.days_ago, ruled_figures.alert, ruled_figures.channel

),

values_by_day as (

    select
        date_day,
        days_ago,
        alert,
        channel,
        cast(denominator as double) as denominator,
        {{ safe_divide('numerator', 'denominator') }} as metric_value
    from windows
    where
        denominator > 0
        and denominator >= min_count

),

usual_values as (

    select
        values_by_day.alert,
        values_by_day.channel,
        values_by_day.date_day,
        count(*) as weeks,
        {{ percentile('earlier.metric_value', 0.5) }} as usual_value
    from values_by_day
    inner join values_by_day as earlier
        on
            values_by_day.alert = earlier.alert
            and values_by_day.channel = earlier.channel
            and earlier.days_ago - values_by_day.days_ago in (7, 14, 21, 28, 35, 42, 49, 56)
    where values_by_day.days_ago <= 28
    group by values_by_day.alert, values_by_day.channel, values_by_day.date_day

),

compared as (

    select
        rules.alert,
        rules.alert_name,
        rules.metric,
        rules.rule,
        rules.threshold,
        values_by_day.channel,
        values_by_day.date_day,
        values_by_day.denominator as counted,
        values_by_day.metric_value,
        usual_values.usual_value,
        values_by_day.days_ago = 1 as is_latest,
        {{ safe_divide('values_by_day.metric_value - usual_values.usual_value', 'usual_values.usual_value') }}
            as deviation
    from values_by_day
    inner join rules
        on values_by_day.alert = rules.alert
    left join usual_values
        on
            values_by_day.alert = usual_values.alert
            and values_by_day.channel = usual_values.channel
            and values_by_day.date_day = usual_values.date_day
            and usual_values.weeks >= 4
    where values_by_day.days_ago <= 28

),

judged as (

    select
        *,
        coalesce(
            case rule
                when 'below' then metric_value < threshold
                when 'above' then metric_value > threshold
                when 'drop' then deviation < -threshold
                when 'rise' then deviation > threshold
            end,
            false
        ) as is_alert
    from compared

),

business_alerts as (

    select
        alert,
        channel,
        date_day as {{ adapter.quote('date') }},
        is_latest,
        alert_name,
        metric,
        rule,
        cast(threshold as double) as threshold,
        counted,
        metric_value,
        cast(usual_value as double) as usual_value,
        deviation,
        is_alert,
        case
            when is_alert
                then
                    alert_name || ': ' || replace(metric, '_', ' ')
                    || case when channel = '(all)' then '' else ' of ' || channel end
                    || ' is '
                    || {{ dbt.cast(
                        'cast(' ~ rounded('100 * metric_value', 1) ~ ' as decimal(18, 1))', dbt.type_string()
                    ) }}
                    || ' %'
                    || case
                        when rule in ('drop', 'rise')
                            then
                                ', usual is '
                                || {{ dbt.cast(
                                    'cast(' ~ rounded('100 * usual_value', 1) ~ ' as decimal(18, 1))', dbt.type_string()
                                ) }}
                                || ' %'
                        else
                            ', the limit is '
                            || {{ dbt.cast(
                                'cast(' ~ rounded('100 * threshold', 1) ~ ' as decimal(18, 1))', dbt.type_string()
                            ) }}
                            || ' %'
                    end
        end as message
    from judged

)

select * from business_alerts
