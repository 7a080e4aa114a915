-- One row per customer, purpose, channel and channel of the refusal: marketing messages, and sendings to audiences for
-- advertising, while the person's refusal of that purpose stood and was known.
-- Messages about an order or a ticket are no marketing. Advertising refused on any channel is refused.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}

),

channels as (

    select * from {{ ref('channels') }}

),

advertising as (

    select * from {{ ref('stg_marketing__activations') }}
    where
        activation_action = 'added'
        and purpose = 'advertising'

),

refusals as (

    select * from {{ ref('int_customers__consent_events') }}
    where not is_granted

),

messages as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.channel,
        touchpoints.occurred_at,
        coalesce(advertising.purpose, 'marketing') as purpose
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    left join advertising
        on touchpoints.record_key = advertising.record_key
    where
        touchpoints.direction = 'outbound'
        and touchpoints.customer_id is not null
        and {{ is_external('touchpoints') }}
        and touchpoints.stage not in ('fulfilment', 'service')
        and (channels.channel_group = 'messaging' or advertising.record_key is not null)

),

standing_refusals as (

    select
        messages.touchpoint_id,
        messages.customer_id,
        messages.purpose,
        messages.channel,
        messages.occurred_at,
        refusals.stated_on,
        row_number() over (
            partition by messages.touchpoint_id
            order by refusals.stated_at desc, refusals.record_key asc
        ) as recency_rank
    from messages
    inner join refusals
        on
            messages.customer_id = refusals.customer_id
            and messages.purpose = refusals.purpose
            and (messages.channel = refusals.channel or messages.purpose = 'advertising')
            and messages.occurred_at > refusals.stated_at
            and messages.occurred_at > refusals.known_since
            and (refusals.lifted_at is null or messages.occurred_at < refusals.lifted_at)

),

consent_conflicts as (

    select
        customer_id,
        purpose,
        channel,
        stated_on,
        count(*) as messages,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from standing_refusals
    where recency_rank = 1
    group by customer_id, purpose, channel, stated_on

)

select * from consent_conflicts
