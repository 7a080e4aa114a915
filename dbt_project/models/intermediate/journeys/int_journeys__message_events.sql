-- One row per record about a message of the brand (sent, delivered, opened or clicked), with the message, by customer,
-- channel and campaign. Records have no message id, so a message starts with its sending, or with a delivery without a
-- recorded sending.
with

records as {{ not_materialized() }} (

    select * from {{ ref('int_records__unioned') }}

),

touchpoint_types as (

    select * from {{ ref('touchpoint_types') }}

),

outreach_steps as (

    select * from {{ ref('outreach_steps') }}

),

channels as (

    select * from {{ ref('channels') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

user_agents as (

    select * from {{ ref('int_records__user_agents') }}

),

internal_records as (

    select * from {{ ref('int_identity__internal_records') }}

),

arrivals as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        is_arrival
        and customer_id is not null
        and {{ is_counted() }}

),

recorded_events as (

    select
        records.record_key as event_key,
        coalesce(record_customers.customer_id, records.record_key) as recipient,
        record_customers.customer_id,
        coalesce(touchpoint_types.channel, channels.channel, 'other') as channel,
        records.campaign_id,
        records.occurred_at,
        records.timezone,
        outreach_steps.step,
        false as is_arrival
    from records
    inner join touchpoint_types
        on
            records.taxonomy_source = touchpoint_types.source
            and lower(records.taxonomy_event) = lower(touchpoint_types.event)
    inner join outreach_steps
        on touchpoint_types.touchpoint_type = outreach_steps.touchpoint_type
    left join channels
        on records.native_channel = channels.channel
    left join record_customers
        on records.record_key = record_customers.record_key
    left join user_agents
        on records.user_agent = user_agents.user_agent
    left join internal_records
        on records.record_key = internal_records.record_key
    where
        not coalesce(user_agents.is_bot, false)
        and (internal_records.record_key is null or {{ var('include_internal') }})
        and {{ is_external_customer('record_customers.customer_id') }}

),

arrival_events as (

    select
        arrivals.touchpoint_id as event_key,
        arrivals.customer_id as recipient,
        arrivals.customer_id,
        arrivals.channel,
        arrivals.campaign_id,
        arrivals.occurred_at,
        arrivals.timezone,
        outreach_steps.step,
        true as is_arrival
    from arrivals
    inner join outreach_steps
        on arrivals.touchpoint_type = outreach_steps.touchpoint_type

),

events as (

    select * from recorded_events
    union all
    select * from arrival_events

),

-- If several steps have the same instant, the sending comes first.
ordered_events as (

    select
        *,
        row_number() over (
            partition by recipient, channel, coalesce(campaign_id, '')
            order by
                occurred_at,
                case
                    when step = 'sent' then 1
                    when step in ('delivered', 'bounced') then 2
                    when step = 'opened' then 3
                    else 4
                end,
                event_key
        ) as event_number
    from events

),

sendings as (

    select
        event_key,
        step = 'sent'
        or coalesce(
            lag(step) over (
                partition by recipient, channel, coalesce(campaign_id, '')
                order by event_number
            ), ''
        ) <> 'sent' as is_start
    from ordered_events
    where step in ('sent', 'delivered', 'bounced')

),

message_events as (

    select
        ordered_events.*,
        sum(case when sendings.is_start then 1 else 0 end) over (
            partition by ordered_events.recipient, ordered_events.channel, coalesce(ordered_events.campaign_id, '')
            order by ordered_events.event_number
            rows between unbounded preceding and current row
        ) as message_number
    from ordered_events
    left join sendings
        on ordered_events.event_key = sendings.event_key

)

-- A visit by a link of an unknown message is not counted as a message.
select * from message_events
where not (is_arrival and message_number = 0)
