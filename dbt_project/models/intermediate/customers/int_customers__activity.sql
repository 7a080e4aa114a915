-- One row per customer, with when, where and how they meet the brand, by their touchpoints.
with

touchpoints as {{ not_materialized() }} (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and {{ is_counted() }}

),

channels as (

    select * from {{ ref('channels') }}

),

sentiment as (

    select * from {{ ref('int_touchpoints__sentiment') }}

),

channel_use as (

    select
        touchpoints.customer_id,
        touchpoints.channel,
        count(*) as touchpoints,
        min(touchpoints.customer_position) as first_position,
        max(touchpoints.occurred_at) as last_used_at
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    where
        touchpoints.direction = 'inbound'
        and channels.is_owned
    group by touchpoints.customer_id, touchpoints.channel

),

ranked_channels as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by touchpoints desc, last_used_at desc, channel asc
        ) as preference_rank
    from channel_use

),

channels_used as (

    select
        customer_id,
        count(*) as inbound_channels,
        {{ string_list_agg('channel', 'first_position', "', '") }} as channels_used,
        max(case when preference_rank = 1 then channel end) as preferred_channel
    from ranked_channels
    group by customer_id

),

first_inbound as (

    select
        customer_id,
        min(customer_position) as customer_position
    from touchpoints
    where direction = 'inbound'
    group by customer_id

),

acquisitions as (

    select
        touchpoints.customer_id,
        touchpoints.channel as acquisition_channel,
        touchpoints.campaign_id as acquisition_campaign_id
    from touchpoints
    inner join first_inbound
        on
            touchpoints.customer_id = first_inbound.customer_id
            and touchpoints.customer_position = first_inbound.customer_position

),

totals as (

    select
        touchpoints.customer_id,
        min(touchpoints.occurred_at) as first_touchpoint_at,
        max(touchpoints.occurred_at) as last_touchpoint_at,
        max(case when touchpoints.direction = 'inbound' then touchpoints.occurred_at end) as last_inbound_at,
        count(*) as touchpoints,
        -- Exact decimals (a sentiment has four): their sum does not depend on the order of rows.
        {{ average(
            "case when touchpoints.direction = 'inbound' then cast(" ~ rounded('sentiment.sentiment', 4) ~ " as decimal(9, 4)) end"
        ) }} as sentiment
    from touchpoints
    left join sentiment
        on touchpoints.message_text = sentiment.message_text
    group by touchpoints.customer_id

),

activity as (

    select
        totals.customer_id,
        totals.first_touchpoint_at,
        totals.last_touchpoint_at,
        totals.last_inbound_at,
        totals.touchpoints,
        totals.sentiment,
        acquisitions.acquisition_channel,
        acquisitions.acquisition_campaign_id,
        channels_used.channels_used,
        channels_used.preferred_channel,
        coalesce(channels_used.inbound_channels, 0) as inbound_channels
    from totals
    left join acquisitions
        on totals.customer_id = acquisitions.customer_id
    left join channels_used
        on totals.customer_id = channels_used.customer_id

)

select * from activity
