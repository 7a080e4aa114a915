-- One row per day, channel and campaign: what was paid for advertising and what it showed and drew.
with

ad_spend as (

    select * from {{ source('raw', 'marketing_ad_spend') }}

),

spend_by_day as (

    select
        date as spend_date,
        lower({{ clean_text('channel') }}) as channel,
        {{ clean_text('campaign') }} as campaign,
        upper({{ clean_text('currency') }}) as currency,
        cast(spend as {{ type_money() }}) as spend,
        impressions,
        clicks,
        {{ to_utc('loaded_at') }} as loaded_at
    from ad_spend

)

select * from spend_by_day
