-- One row per month, kind of journey, entry channel, segment and path of channels: how many journeys took it, and what
-- became of them.
with

journeys as (

    select * from {{ ref('fct_journeys') }}
    where channel_path is not null

),

customer_value as (

    select * from {{ ref('mart_customer_value') }}

),

described_journeys as (

    select
        cast({{ dbt.date_trunc('month', 'journeys.started_at') }} as date) as month_start_date,
        journeys.kind as journey_kind,
        journeys.entry_channel,
        coalesce(customer_value.segment, 'no_purchase') as segment,
        journeys.channel_path,
        journeys.channels,
        journeys.status,
        journeys.revenue_reporting,
        case when journeys.status = 'converted' then journeys.time_to_convert_days end as days_to_convert,
        {{ days_between('journeys.started_at', 'journeys.ended_at') }} as duration_days
    from journeys
    left join customer_value
        on journeys.customer_id = customer_value.customer_id

),

variants as (

    select
        month_start_date,
        journey_kind,
        entry_channel,
        segment,
        channel_path,
        max(channels) as channels,
        count(*) as journeys,
        {{ count_where("status = 'converted'") }} as converted,
        {{ count_where("status = 'abandoned'") }} as dropped_off,
        {{ count_where("status = 'open'") }} as still_open,
        {{ percentile('duration_days', 0.5) }} as median_days,
        {{ percentile('days_to_convert', 0.5) }} as median_days_to_convert,
        cast(sum(revenue_reporting) as {{ type_money() }}) as revenue_reporting
    from described_journeys
    group by month_start_date, journey_kind, entry_channel, segment, channel_path

),

rated_variants as (

    select
        month_start_date,
        journey_kind,
        entry_channel,
        segment,
        channel_path,
        channels,
        journeys,
        cast(journeys as double) / sum(journeys) over (
            partition by month_start_date, journey_kind, entry_channel, segment
        ) as journey_share,
        converted,
        cast(converted as double) / journeys as conversion_rate,
        dropped_off,
        cast(dropped_off as double) / journeys as drop_off_rate,
        still_open,
        median_days,
        median_days_to_convert,
        revenue_reporting,
        {{ reporting_currency() }} as reporting_currency
    from variants

)

select * from rated_variants
