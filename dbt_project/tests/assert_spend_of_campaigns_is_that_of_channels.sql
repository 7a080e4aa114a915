-- All spend is in both, so a day and channel with two sums has lost some.
with

campaigns as (

    select
        {{ adapter.quote('date') }} as date_day,
        channel,
        sum(spend) as spend
    from {{ ref('mart_campaign_performance') }}
    group by {{ adapter.quote('date') }}, channel

),

channels as (

    select
        {{ adapter.quote('date') }} as date_day,
        channel,
        spend
    from {{ ref('mart_channel_performance') }}

)

select
    channels.date_day,
    channels.channel,
    channels.spend,
    campaigns.spend as spend_of_campaigns
from channels
left join campaigns
    on
        channels.date_day = campaigns.date_day
        and channels.channel = campaigns.channel
where channels.spend <> coalesce(campaigns.spend, 0)
