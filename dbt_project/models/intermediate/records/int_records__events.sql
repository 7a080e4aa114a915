-- One row per behavioural message of the web, app and marketing feeds, with the channel that it happened on, and
-- the amount that it states, however it is written.
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

amounts as (

    select * from {{ ref('int_records__amounts') }}

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
        coalesce(user_agents.is_bot, false) as is_bot,
        coalesce(
            all_events.revenue,
            revenue_amounts.amount,
            all_events.total,
            total_amounts.amount,
            all_events.value,
            value_amounts.amount
        ) as amount,
        coalesce(
            named_currencies.currency,
            all_events.currency,
            revenue_amounts.currency,
            total_amounts.currency,
            value_amounts.currency,
            price_amounts.currency
        ) as amount_currency,
        coalesce(all_events.discount, discount_amounts.amount) as discount_amount,
        coalesce(all_events.revenue_text, all_events.total_text, all_events.value_text) is not null
        and coalesce(
            all_events.revenue,
            revenue_amounts.amount,
            all_events.total,
            total_amounts.amount,
            all_events.value,
            value_amounts.amount
        ) is null as is_amount_unreadable
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
    left join amounts as revenue_amounts
        on
            all_events.revenue_text = revenue_amounts.written
            and coalesce(all_events.currency, '') = revenue_amounts.stated_currency
            and revenue_amounts.kind = 'money'
    left join amounts as total_amounts
        on
            all_events.total_text = total_amounts.written
            and coalesce(all_events.currency, '') = total_amounts.stated_currency
            and total_amounts.kind = 'money'
    left join amounts as value_amounts
        on
            all_events.value_text = value_amounts.written
            and coalesce(all_events.currency, '') = value_amounts.stated_currency
            and value_amounts.kind = 'money'
    left join amounts as price_amounts
        on
            all_events.price_text = price_amounts.written
            and coalesce(all_events.currency, '') = price_amounts.stated_currency
            and price_amounts.kind = 'money'
    left join amounts as discount_amounts
        on
            all_events.discount_text = discount_amounts.written
            and coalesce(all_events.currency, '') = discount_amounts.stated_currency
            and discount_amounts.kind = 'money'
    left join amounts as named_currencies
        on
            all_events.currency = named_currencies.written
            and named_currencies.kind = 'currency'

)

select * from channelled_events
