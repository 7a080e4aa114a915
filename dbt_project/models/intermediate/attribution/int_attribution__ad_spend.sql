-- One row per day, channel and campaign that money was spent on, in its own and in the reporting currency. A
-- channel that the seed `channels` does not know is `other`; `source_channel` has the name that the source gave.
with

ad_spend as (

    select * from {{ ref('stg_marketing__ad_spend') }}

),

exchange_rates as (

    select * from {{ ref('int_commerce__exchange_rates') }}

),

channels as (

    select * from {{ ref('channels') }}

),

valued_ad_spend as (

    select
        ad_spend.spend_date,
        coalesce(channels.channel, 'other') as channel,
        ad_spend.channel as source_channel,
        ad_spend.campaign,
        ad_spend.currency,
        ad_spend.spend,
        ad_spend.impressions,
        ad_spend.clicks,
        -- A sum of floating-point numbers depends on the order, and two runs must agree.
        cast(
            {{ rounded('ad_spend.spend * ' ~ reporting_rate('ad_spend.currency'), 4) }} as {{ type_money() }}
        ) as spend_reporting
    from ad_spend
    left join exchange_rates
        on {{ is_rate_of_day('ad_spend.currency', 'ad_spend.spend_date') }}
    left join channels
        on ad_spend.channel = channels.channel

)

select * from valued_ad_spend
