-- One row per day, channel and campaign that money was spent on, in its own and in the reporting currency.
with

ad_spend as (

    select * from {{ ref('stg_marketing__ad_spend') }}

),

exchange_rates as (

    select * from {{ ref('int_commerce__exchange_rates') }}

),

valued_ad_spend as (

    select
        ad_spend.spend_date,
        ad_spend.channel,
        ad_spend.campaign,
        ad_spend.currency,
        ad_spend.spend,
        ad_spend.impressions,
        ad_spend.clicks,
        -- A sum of fractions depends on their order, and two runs must agree.
        cast(ad_spend.spend * {{ reporting_rate('ad_spend.currency') }} as {{ type_money() }}) as spend_reporting
    from ad_spend
    left join exchange_rates
        on {{ is_rate_of_day('ad_spend.currency', 'ad_spend.spend_date') }}

)

select * from valued_ad_spend
