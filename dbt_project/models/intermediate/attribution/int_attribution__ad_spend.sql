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
        ad_spend.spend * case
            when ad_spend.currency = {{ reporting_currency() }} then 1 else exchange_rates.exchange_rate
        end as spend_reporting
    from ad_spend
    left join exchange_rates
        on
            ad_spend.currency = exchange_rates.currency
            and ad_spend.spend_date >= exchange_rates.valid_from
            and (exchange_rates.valid_until is null or ad_spend.spend_date < exchange_rates.valid_until)

)

select * from valued_ad_spend
