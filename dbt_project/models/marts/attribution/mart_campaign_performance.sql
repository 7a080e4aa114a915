-- One row per day, campaign and channel on which money was spent on the campaign or a conversion was credited to it.
-- Money is in the reporting currency.
{%- set models = attribution_models() %}

with

attribution as (

    select * from {{ ref('fct_attribution') }}

),

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where campaign_id is not null

),

ad_spend as (

    select * from {{ ref('int_attribution__ad_spend') }}

),

-- A sum of fractions depends on their order, and two runs must agree.
credits as (

    select
        attribution.converted_on as date_day,
        touchpoints.campaign_id,
        attribution.channel,
        attribution.model,
        attribution.attributed_revenue_reporting,
        cast(attribution.credit as decimal(28, 12)) as exact_credit
    from attribution
    inner join touchpoints
        on attribution.touchpoint_id = touchpoints.touchpoint_id
    where attribution.channel <> 'unattributed'

),

credits_by_day as (

    select
        date_day,
        campaign_id,
        channel,
    {%- for model in models %}
    sum(case when model = '{{ model }}' then exact_credit else 0 end) as conversions_{{ model }},
    sum(case when model = '{{ model }}' then attributed_revenue_reporting else 0 end) as revenue_{{ model }}
    {{- "," if not loop.last }}
    {%- endfor %}
    from credits
    group by date_day, campaign_id, channel

),

spend_by_day as (

    select
        spend_date as date_day,
        campaign as campaign_id,
        channel,
        sum(spend_reporting) as spend,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(case when spend_reporting is null then 1 else 0 end) as amounts_without_rate
    from ad_spend
    group by spend_date, campaign, channel

),

campaign_days as (

    select
        date_day,
        campaign_id,
        channel
    from credits_by_day
    union distinct
    select
        date_day,
        campaign_id,
        channel
    from spend_by_day

),

campaign_performance as (

    select
        campaign_days.date_day as {{ adapter.quote('date') }},
        campaign_days.campaign_id,
        campaign_days.channel,
        cast(coalesce(spend_by_day.spend, 0) as {{ type_money() }}) as spend,
        cast(coalesce(spend_by_day.impressions, 0) as {{ dbt.type_bigint() }}) as impressions,
        cast(coalesce(spend_by_day.clicks, 0) as {{ dbt.type_bigint() }}) as clicks,
        {%- for model in models %}
        cast(coalesce(credits_by_day.conversions_{{ model }}, 0) as double) as attributed_conversions_{{ model }},
        cast(
            coalesce(credits_by_day.revenue_{{ model }}, 0) as {{ type_money() }}
        ) as attributed_revenue_{{ model }},
        {%- endfor %}
        {{ reporting_currency() }} as reporting_currency,
        cast(coalesce(spend_by_day.amounts_without_rate, 0) as {{ dbt.type_bigint() }}) as amounts_without_rate
    from campaign_days
    left join credits_by_day
        on
            campaign_days.date_day = credits_by_day.date_day
            and campaign_days.campaign_id = credits_by_day.campaign_id
            and campaign_days.channel = credits_by_day.channel
    left join spend_by_day
        on
            campaign_days.date_day = spend_by_day.date_day
            and campaign_days.campaign_id = spend_by_day.campaign_id
            and campaign_days.channel = spend_by_day.channel

)

select * from campaign_performance
