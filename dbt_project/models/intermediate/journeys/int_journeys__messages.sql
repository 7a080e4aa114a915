-- One row per message of the brand to one recipient: when it was sent, the furthest step that it reached, and when the
-- customer next acted.
with

message_events as (

    select * from {{ ref('int_journeys__message_events') }}

),

acts as (

    select * from {{ ref('int_journeys__touchpoints') }}
    where
        journey_kind = 'purchase'
        and direction = 'inbound'

),

messages as (

    select
        recipient,
        channel,
        campaign_id,
        message_number,
        max(customer_id) as customer_id,
        min(occurred_at) as sent_at,
        min({{ local_date('occurred_at', "coalesce(timezone, 'UTC')") }}) as sent_on,
        max(case when step = 'bounced' then 1 else 0 end) = 1 as is_bounced,
        max(case when step in ('delivered', 'opened', 'clicked') then 1 else 0 end) = 1 as is_delivered,
        max(case when step in ('opened', 'clicked') then 1 else 0 end) = 1 as is_opened,
        max(case when step = 'clicked' then 1 else 0 end) = 1 as is_clicked
    from message_events
    group by recipient, channel, campaign_id, message_number

),

moments as (

    select
        customer_id,
        sent_at as occurred_at,
        cast(null as {{ dbt.type_timestamp() }}) as acted_at
    from messages
    where customer_id is not null
    union distinct
    select
        customer_id,
        occurred_at,
        occurred_at as acted_at
    from acts

),

next_acts as (

    select
        customer_id,
        occurred_at,
        acted_at,
        min(acted_at) over (
            partition by customer_id
            order by occurred_at, case when acted_at is null then 0 else 1 end
            rows between current row and unbounded following
        ) as next_acted_at
    from moments

),

answered_messages as (

    select
        messages.*,
        next_acts.next_acted_at
    from messages
    left join next_acts
        on
            messages.customer_id = next_acts.customer_id
            and messages.sent_at = next_acts.occurred_at
            and next_acts.acted_at is null

)

select
    *,
    coalesce(
        {{ seconds_between('sent_at', 'next_acted_at') }} <= {{ var('journey_outreach_days') * 86400 }}, false
    ) as is_answered
from answered_messages
