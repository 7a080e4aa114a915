-- One row per period (week or month), its first day, channel and location: reach, sales, service, costs and what they
-- brought, and how complete the data are. Money is in the reporting currency.
{%- set counts = [
    'touchpoints', 'friction_touchpoints', 'sessions', 'visits', 'conversions', 'orders', 'contacts', 'cases',
    'resolved_cases', 'first_contact_resolutions', 'rated_cases',
] %}
{%- set money = ['revenue', 'spend', 'cost_to_serve', 'attributed_revenue', 'assisted_revenue'] %}
with

days as (

    select * from {{ ref('mart_scorecard_days') }}

),

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where {{ is_counted() }}

),

completeness as (

    select * from {{ ref('mart_completeness') }}

),

periods as (

    {%- for period in ['week', 'month'] %}
    select distinct
        '{{ period }}' as period,
        cast({{ dbt.date_trunc(period, adapter.quote('date')) }} as date) as period_start_date,
        {{ adapter.quote('date') }} as date_day
    from days
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

figures as (

    select
        periods.period,
        periods.period_start_date,
        days.channel,
        days.location_id,
        sum(cast({{ rounded('days.csat_points', 12) }} as decimal(28, 12))) as csat_points,
    {%- for measure in counts + money %}
    {{ 'sum(days.' ~ measure ~ ') as ' ~ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
    from days
    inner join periods
        on days.{{ adapter.quote('date') }} = periods.date_day
    group by periods.period, periods.period_start_date, days.channel, days.location_id

),

people_by_period as (

    select
        periods.period,
        periods.period_start_date,
        touchpoints.channel,
        coalesce(touchpoints.location_id, '(none)') as location_id,
        count(distinct touchpoints.customer_id) as reach,
        count(distinct case when touchpoints.is_conversion then touchpoints.customer_id end) as buyers
    from touchpoints
    inner join periods
        on touchpoints.local_date = periods.date_day
    group by
        periods.period,
        periods.period_start_date,
        touchpoints.channel,
        coalesce(touchpoints.location_id, '(none)')

),

channel_sources as (

    select distinct
        channel,
        source_system
    from touchpoints

),

-- A feed that has gone silent is complete until its last record.
feeds as (

    select
        channel_sources.channel,
        completeness.message,
        case when completeness.location_id = '(all)' then '(none)' else completeness.location_id end as location_id,
        case when completeness.is_silent then cast(completeness.last_record_at as date) end as silent_from_date
    from channel_sources
    inner join completeness
        on channel_sources.source_system = completeness.source_system

),

-- Whole periods, the present one up to the clock of the run.
period_lengths as (

    select distinct
        period,
        period_start_date,
        case
            when period = 'week' then 7
            else {{ dbt.datediff('period_start_date', dbt.dateadd('month', 1, 'period_start_date'), 'day') }}
        end as whole_days,
        {{ dbt.datediff('period_start_date', run_at(), 'day') }} as passed_days
    from periods

),

period_days as (

    select
        period,
        period_start_date,
        least(whole_days, greatest(passed_days, 1)) as day_count
    from period_lengths

),

feed_days as (

    select
        period_days.period,
        period_days.period_start_date,
        period_days.day_count,
        feeds.channel,
        feeds.location_id,
        feeds.message,
        case
            when feeds.silent_from_date is null then period_days.day_count
            else {{ dbt.datediff('period_days.period_start_date', 'feeds.silent_from_date', 'day') }} + 1
        end as days_with_data
    from period_days
    cross join feeds

),

completeness_by_period as (

    select
        period,
        period_start_date,
        channel,
        location_id,
        min({{ safe_divide('least(greatest(days_with_data, 0), day_count)', 'day_count') }}) as completeness,
        min(case when days_with_data < day_count then message end) as completeness_note
    from feed_days
    group by period, period_start_date, channel, location_id

),

scorecard as (

    select
        figures.period,
        figures.period_start_date,
        figures.channel,
        figures.location_id,
        coalesce(people_by_period.reach, 0) as reach,
        coalesce(people_by_period.buyers, 0) as buyers,
        {%- for measure in counts %}
        cast(figures.{{ measure }} as {{ dbt.type_bigint() }}) as {{ measure }},
        {%- endfor %}
        {%- for measure in money %}
        cast(figures.{{ measure }} as {{ type_money() }}) as {{ measure }},
        {%- endfor %}
        cast(figures.spend + figures.cost_to_serve as {{ type_money() }}) as total_cost,
        {{ safe_divide('figures.conversions', 'figures.sessions') }} as conversion_rate,
        {{ safe_divide('people_by_period.buyers', 'people_by_period.reach') }} as buyer_rate,
        {{ safe_divide('figures.csat_points', 'figures.rated_cases') }} as csat,
        {{ safe_divide('figures.first_contact_resolutions', 'figures.resolved_cases') }} as first_contact_resolution,
        {{ safe_divide('figures.friction_touchpoints', 'figures.touchpoints') }} as friction_rate,
        {{ safe_divide(
            '(figures.attributed_revenue - figures.spend - figures.cost_to_serve)',
            '(figures.spend + figures.cost_to_serve)'
        ) }} as roi,
        coalesce(completeness_by_period.completeness, 1) as completeness,
        completeness_by_period.completeness_note,
        {{ reporting_currency() }} as reporting_currency
    from figures
    left join people_by_period
        on
            figures.period = people_by_period.period
            and figures.period_start_date = people_by_period.period_start_date
            and figures.channel = people_by_period.channel
            and figures.location_id = people_by_period.location_id
    left join completeness_by_period
        on
            figures.period = completeness_by_period.period
            and figures.period_start_date = completeness_by_period.period_start_date
            and figures.channel = completeness_by_period.channel
            and figures.location_id = completeness_by_period.location_id

)

select * from scorecard
