-- One row per day, channel and campaign: what was paid for advertising and what it showed and drew. Of rows whose
-- channels differ in capitals only, the one in the later file or line counts.
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
        {{ to_utc('loaded_at') }} as loaded_at,
        row_number() over (
            partition by date, lower({{ clean_text('channel') }}), {{ clean_text('campaign') }}
            order by source_file desc, source_line desc
        ) as place_from_last
    from ad_spend

),

last_told_spend as (

    select
        spend_date,
        channel,
        campaign,
        currency,
        spend,
        impressions,
        clicks,
        loaded_at
    from spend_by_day
    where place_from_last = 1

)

select * from last_told_spend
