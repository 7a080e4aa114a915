-- One row per support case: a chain of tickets about one thing, on however many channels.
with

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

ticket_status as (

    select * from {{ ref('int_service__ticket_status') }}

),

ticket_channels as (

    select * from {{ ref('int_records__ticket_channels') }}

),

messages as (

    select * from {{ ref('int_records__messages') }}

),

nps_answers as (

    select * from {{ ref('int_service__nps_answers') }}

),

response_times as (

    select * from {{ ref('int_service__response_times') }}

),

case_calendars as (

    select * from {{ ref('int_service__case_calendars') }}

),

case_details as (

    select * from {{ ref('int_service__case_details') }}

),

case_replies as (

    select * from {{ ref('int_service__case_replies') }}

),

case_waits as (

    select * from {{ ref('int_service__case_waits') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

journeys as (

    select * from {{ ref('fct_journeys') }}
    where kind = 'service'

),

sentiment as (

    select * from {{ ref('int_touchpoints__sentiment') }}

),

ticket_facts as (

    select
        case_tickets.case_id,
        case_tickets.ticket_id,
        case_tickets.ticket_number,
        case_tickets.is_contact,
        case_tickets.is_repeat,
        case_tickets.created_at,
        ticket_status.reopened,
        ticket_status.transfers,
        ticket_status.csat,
        ticket_channels.channel
    from case_tickets
    inner join ticket_status
        on case_tickets.ticket_id = ticket_status.ticket_id
    inner join ticket_channels
        on case_tickets.ticket_id = ticket_channels.ticket_id

),

cases as (

    select
        case_id,
        min(created_at) as opened_at,
        count(*) as tickets,
        cast(sum(case when is_contact then 1 else 0 end) as {{ dbt.type_bigint() }}) as contacts,
        cast(sum(case when is_repeat then 1 else 0 end) as {{ dbt.type_bigint() }}) as repeats,
        cast(sum(reopened) as {{ dbt.type_bigint() }}) as reopened,
        cast(sum(transfers) as {{ dbt.type_bigint() }}) as transfers,
        min(case when channel = 'support_bot' then 1 else 0 end) = 1 as is_bot_only,
        max(case when channel = 'support_bot' then 1 else 0 end) = 1 as is_bot_involved,
        {{ average('csat') }} as csat
    from ticket_facts
    group by case_id

),

case_nps as (

    select
        case_tickets.case_id,
        {{ average('nps_answers.nps') }} as nps
    from nps_answers
    inner join case_tickets
        on nps_answers.ticket_id = case_tickets.ticket_id
    group by case_tickets.case_id

),

case_messages as (

    select
        case_tickets.case_id,
        messages.message_kind,
        messages.occurred_at,
        sentiment.sentiment,
        row_number() over (
            partition by case_tickets.case_id, messages.message_kind in ('ticket', 'comment_customer')
            order by messages.occurred_at, messages.record_key
        ) as message_number,
        row_number() over (
            partition by case_tickets.case_id, messages.message_kind in ('ticket', 'comment_customer')
            order by messages.occurred_at desc, messages.record_key desc
        ) as message_number_from_last
    from case_tickets
    inner join messages
        on case_tickets.ticket_id = messages.ticket_id
    left join sentiment
        on messages.message_text = sentiment.message_text

),

conversations as (

    select
        case_id,
        max(case when message_kind = 'comment_agent' then 1 else 0 end) = 1 as has_human_reply,
        max(case
            when message_kind in ('ticket', 'comment_customer') and message_number = 1 then sentiment
        end) as sentiment_first,
        max(case
            when message_kind in ('ticket', 'comment_customer') and message_number_from_last = 1 then sentiment
        end) as sentiment_last,
        {{ count_where("message_kind in ('ticket', 'comment_customer')") }} as customer_messages
    from case_messages
    group by case_id

),

case_customers as (

    select
        ticket_facts.case_id,
        record_customers.customer_id
    from ticket_facts
    inner join record_customers
        on record_customers.record_key = {{ record_key("'support'", "'tickets'", 'ticket_facts.ticket_id') }}
    where ticket_facts.ticket_number = 1

),

support_cases as (

    select
        cases.case_id,
        case_customers.customer_id,
        journeys.journey_id,
        cases.opened_at,
        response_times.resolved_at,
        journeys.channel_path,
        case_details.subject,
        case_details.reason,
        case_details.priority,
        case_details.support_group,
        case_details.agent_id,
        case_calendars.location_id,
        cases.tickets,
        cases.contacts,
        cases.repeats,
        cases.transfers,
        cases.reopened,
        cases.is_bot_involved,
        response_times.first_reply_at,
        response_times.first_reply_minutes,
        response_times.first_reply_business_minutes,
        response_times.first_human_reply_minutes,
        response_times.first_human_reply_business_minutes,
        response_times.resolution_minutes,
        response_times.resolution_business_minutes,
        case_waits.requester_wait_minutes,
        case_waits.requester_wait_business_minutes,
        case_waits.agent_work_minutes,
        case_waits.agent_work_business_minutes,
        case_waits.on_hold_minutes,
        case_waits.on_hold_business_minutes,
        case_replies.replies,
        case_replies.is_repeated_ask,
        case_details.first_reply_target_minutes,
        case_details.resolution_target_minutes,
        conversations.customer_messages,
        cast(cases.csat as double) as csat,
        cast(case_nps.nps as double) as nps,
        conversations.sentiment_first,
        conversations.sentiment_last,
        response_times.first_reply_business_minutes > case_details.first_reply_target_minutes as is_first_reply_late,
        response_times.resolution_business_minutes > case_details.resolution_target_minutes as is_resolution_late,
        case
            when response_times.resolved_at is not null
                then cases.contacts <= 1 and cases.repeats = 0 and cases.reopened = 0
        end as is_first_contact_resolution,
        case when response_times.resolved_at is not null then case_replies.replies <= 1 end as is_one_touch_resolution,
        case when response_times.resolved_at is not null then case_replies.replies = 2 end as is_two_touch_resolution,
        case when response_times.resolved_at is not null then 'resolved' else 'open' end as status,
        coalesce(journeys.channels, 1) as channels,
        coalesce(journeys.handoffs, 0) as handoffs,
        coalesce(journeys.handoffs_continued, 0) as handoffs_continued,
        coalesce(journeys.handoffs_restarted, 0) as handoffs_restarted,
        cases.is_bot_involved
        and cases.is_bot_only
        and response_times.resolved_at is not null
        and not conversations.has_human_reply as bot_contained
    from cases
    inner join conversations
        on cases.case_id = conversations.case_id
    inner join response_times
        on cases.case_id = response_times.case_id
    inner join case_details
        on cases.case_id = case_details.case_id
    inner join case_calendars
        on cases.case_id = case_calendars.case_id
    inner join case_replies
        on cases.case_id = case_replies.case_id
    left join case_waits
        on cases.case_id = case_waits.case_id
    left join case_nps
        on cases.case_id = case_nps.case_id
    left join case_customers
        on cases.case_id = case_customers.case_id
    left join journeys
        on
            cases.case_id = journeys.case_id
            and case_customers.customer_id = journeys.customer_id

)

select * from support_cases
