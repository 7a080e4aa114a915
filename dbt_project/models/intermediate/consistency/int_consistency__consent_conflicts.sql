-- One row per customer, message channel and channel of the refusal: messages sent although the person had
-- refused them.
-- What was refused last counts until it is allowed again. Messages about an order or a ticket need no
-- consent.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}

),

channels as (

    select * from {{ ref('channels') }}

),

statements as (

    select * from {{ ref('int_customers__consent_statements') }}

),

messages as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.channel,
        touchpoints.occurred_at
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    where
        touchpoints.direction = 'outbound'
        and touchpoints.customer_id is not null
        and {{ is_external('touchpoints') }}
        and touchpoints.stage not in ('fulfilment', 'service')
        and channels.channel_group = 'messaging'

),

last_words as (

    select
        messages.touchpoint_id,
        messages.customer_id,
        messages.channel,
        messages.occurred_at,
        statements.stated_on,
        statements.known_since,
        statements.is_granted,
        row_number() over (
            partition by messages.touchpoint_id
            order by
                statements.stated_at desc nulls last,
                case when statements.is_granted then 1 else 0 end,
                statements.record_key asc
        ) as recency_rank
    from messages
    inner join statements
        on
            messages.customer_id = statements.customer_id
            and messages.channel = statements.channel
            and messages.occurred_at > coalesce(statements.stated_at, statements.known_since)

),

consent_conflicts as (

    select
        customer_id,
        channel,
        stated_on,
        count(*) as messages,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from last_words
    where
        recency_rank = 1
        and not is_granted
        and occurred_at > known_since
    group by customer_id, channel, stated_on

)

select * from consent_conflicts
