-- One row per day, campaign and channel on which money was spent on the campaign, its messages were sent, it brought a
-- visit, or a conversion was credited to it. Money is in the reporting currency.
{%- set models = attribution_models() %}
{%- set measures_by_day = ['credits', 'spend', 'messages', 'unsubscriptions', 'visits', 'redemptions'] %}

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

messages as (

    select * from {{ ref('int_journeys__messages') }}
    where campaign_id is not null

),

consent_changes as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        consent_change = 'withdrawn'
        and campaign_id is not null
        and {{ is_counted() }}

),

sessions as (

    select * from {{ ref('fct_sessions') }}
    where campaign_id is not null

),

redemptions as (

    select * from {{ ref('int_campaigns__redemptions') }}

),

messages_by_day as (

    select
        sent_on as date_day,
        campaign_id,
        channel,
        count(*) as sent,
        {{ count_where('is_delivered') }} as delivered,
        {{ count_where('is_opened') }} as opened,
        {{ count_where('is_clicked') }} as messages_clicked
    from messages
    group by sent_on, campaign_id, channel

),

unsubscriptions_by_day as (

    select
        {{ local_date('occurred_at', "coalesce(timezone, 'UTC')") }} as date_day,
        campaign_id,
        channel,
        count(*) as unsubscribed
    from consent_changes
    group by {{ local_date('occurred_at', "coalesce(timezone, 'UTC')") }}, campaign_id, channel

),

visits_by_day as (

    select
        local_date as date_day,
        campaign_id,
        case when arrived_by = 'direct' then channel else arrived_by end as channel,
        count(*) as visits,
        sum(conversions) as conversions_in_visits
    from sessions
    group by local_date, campaign_id, case when arrived_by = 'direct' then channel else arrived_by end

),

redemptions_by_day as (

    select
        redeemed_on as date_day,
        campaign_id,
        channel,
        count(*) as coupons_redeemed
    from redemptions
    group by redeemed_on, campaign_id, channel

),

-- A sum of fractions depends on their order, and two runs must agree.
credits as (

    select
        attribution.converted_on as date_day,
        touchpoints.campaign_id,
        attribution.channel,
        attribution.model,
        attribution.attributed_revenue_reporting,
        cast({{ rounded('attribution.credit', 12) }} as decimal(28, 12)) as exact_credit
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

    {%- for measures in measures_by_day %}
    select
        date_day,
        campaign_id,
        channel
    from {{ measures }}_by_day
    {%- if not loop.last %}
    union distinct
    {%- endif %}
    {%- endfor %}

),

campaign_performance as (

    select
        campaign_days.date_day as {{ adapter.quote('date') }},
        campaign_days.campaign_id,
        campaign_days.channel,
        cast(coalesce(spend_by_day.spend, 0) as {{ type_money() }}) as spend,
        cast(coalesce(spend_by_day.impressions, 0) as {{ dbt.type_bigint() }}) as impressions,
        cast(coalesce(spend_by_day.clicks, 0) as {{ dbt.type_bigint() }}) as clicks,
        coalesce(messages_by_day.sent, 0) as sent,
        coalesce(messages_by_day.delivered, 0) as delivered,
        coalesce(messages_by_day.opened, 0) as opened,
        coalesce(messages_by_day.messages_clicked, 0) as messages_clicked,
        coalesce(unsubscriptions_by_day.unsubscribed, 0) as unsubscribed,
        coalesce(redemptions_by_day.coupons_redeemed, 0) as coupons_redeemed,
        coalesce(visits_by_day.visits, 0) as visits,
        cast(coalesce(visits_by_day.conversions_in_visits, 0) as {{ dbt.type_bigint() }}) as conversions_in_visits,
        {%- for model in models %}
        cast(coalesce(credits_by_day.conversions_{{ model }}, 0) as double) as attributed_conversions_{{ model }},
        cast(
            coalesce(credits_by_day.revenue_{{ model }}, 0) as {{ type_money() }}
        ) as attributed_revenue_{{ model }},
        {%- endfor %}
        {{ reporting_currency() }} as reporting_currency,
        cast(coalesce(spend_by_day.amounts_without_rate, 0) as {{ dbt.type_bigint() }}) as amounts_without_rate
    from campaign_days
    {% for measures in measures_by_day %}
    left join {{ measures }}_by_day
        on
            campaign_days.date_day = {{ measures }}_by_day.date_day
            and campaign_days.campaign_id = {{ measures }}_by_day.campaign_id
            and campaign_days.channel = {{ measures }}_by_day.channel
    {% endfor %}

)

select * from campaign_performance
