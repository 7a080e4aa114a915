-- One row per behavioural message of the web, app and marketing feeds, with the channel that it happened on.
{{ config(materialized='view') }}

with

web_events as (

    select * from {{ ref('stg_web__events') }}

),

app_events as (

    select * from {{ ref('stg_app__events') }}

),

marketing_events as (

    select * from {{ ref('stg_marketing__events') }}

),

channels as (

    select * from {{ ref('channels') }}

),

user_agents as (

    select * from {{ ref('int_records__user_agents') }}

),

all_events as (

    select * from web_events
    union all
    select * from app_events
    union all
    select * from marketing_events

),

channelled_events as (

    select
        all_events.*,
        coalesce(
            device_channels.channel,
            named_channels.channel,
            case when all_events.source_system in ('web', 'app') then all_events.source_system end,
            'other'
        ) as native_channel,
        coalesce(device_channels.is_shared_device, false) as is_shared_device,
        coalesce(user_agents.is_bot, false) as is_bot
    from all_events
    left join channels as device_channels
        on
            all_events.device_type = device_channels.channel
            and device_channels.is_device
    left join channels as named_channels
        on
            all_events.context_channel = named_channels.channel
            and all_events.source_system = 'marketing'
    left join user_agents
        on all_events.user_agent = user_agents.user_agent

)

select * from channelled_events
