-- One row per campaign: those that touchpoints name, and those that money was spent on.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        campaign_id is not null
        and {{ is_counted() }}

),

ad_spend as (

    select * from {{ ref('stg_marketing__ad_spend') }}

),

touched_campaigns as (

    select
        campaign_id,
        max(campaign_name) as campaign_name,
        min(occurred_at) as first_touched_at,
        max(occurred_at) as last_touched_at,
        count(*) as touchpoints
    from touchpoints
    group by campaign_id

),

paid_campaigns as (

    select
        campaign as campaign_id,
        min(channel) as channel,
        min(spend_date) as first_spend_date,
        max(spend_date) as last_spend_date
    from ad_spend
    group by campaign

),

campaigns as (

    select
        paid_campaigns.channel as spend_channel,
        touched_campaigns.first_touched_at,
        touched_campaigns.last_touched_at,
        paid_campaigns.first_spend_date,
        paid_campaigns.last_spend_date,
        coalesce(touched_campaigns.campaign_id, paid_campaigns.campaign_id) as campaign_id,
        coalesce(
            touched_campaigns.campaign_name, touched_campaigns.campaign_id, paid_campaigns.campaign_id
        ) as campaign_name,
        coalesce(touched_campaigns.touchpoints, 0) as touchpoints
    from touched_campaigns
    full outer join paid_campaigns
        on touched_campaigns.campaign_id = paid_campaigns.campaign_id

)

select * from campaigns
