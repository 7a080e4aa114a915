-- One row per support ticket: the channel it came in on, who opened it, and until when a chatbot, not a person, was
-- answering it.
with

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

users as (

    select * from {{ ref('stg_support__users') }}

),

comments as (

    select * from {{ ref('stg_support__comments') }}

),

support_channels as (

    select * from {{ ref('support_channels') }}

),

-- Zendesk states a channel by its type or by the number of the type.
ways_in as (

    select
        via_channel as way_in,
        channel,
        may_be_bot,
        is_bot,
        opened_by
    from support_channels
    union all
    select
        cast(via_id as {{ dbt.type_string() }}) as way_in,
        channel,
        may_be_bot,
        is_bot,
        opened_by
    from support_channels
    where via_id is not null

),

staff_answers as (

    select
        comments.ticket_id,
        comments.commented_at,
        users.is_bot,
        row_number() over (
            partition by comments.ticket_id
            order by comments.commented_at, comments.comment_id
        ) as answer_number
    from comments
    inner join users
        on comments.author_id = users.support_user_id
    where
        users.is_agent
        and comments.is_public

),

answered_tickets as (

    select
        ticket_id,
        max(case when answer_number = 1 and is_bot then 1 else 0 end) = 1 as is_bot_first,
        min(case when not is_bot then commented_at end) as first_human_answer_at
    from staff_answers
    group by ticket_id

),

ticket_channels as (

    select
        tickets.ticket_id,
        tickets.requester_id,
        tickets.via_channel,
        tickets.created_at,
        answered_tickets.first_human_answer_at,
        coalesce(assignees.is_bot, false) as is_bot_assigned,
        coalesce(tickets.status in ('deleted', 'scrubbed', 'spam', 'suspended'), false) as is_deleted,
        case
            when requesters.is_agent then 'colleague'
            when tickets.via_rel = 'outbound' then 'agent'
            else coalesce(ways_in.opened_by, 'customer')
        end as opened_by,
        ways_in.way_in is not null as is_known_way_in,
        coalesce(ways_in.channel, 'other') as human_channel,
        case
            when
                coalesce(ways_in.is_bot, false)
                or (
                    coalesce(ways_in.may_be_bot, false)
                    and (
                        coalesce(assignees.is_bot, false)
                        or tickets.is_bot_tagged
                        or coalesce(answered_tickets.is_bot_first, false)
                    )
                )
                then 'support_bot'
            else coalesce(ways_in.channel, 'other')
        end as channel
    from tickets
    left join ways_in
        on tickets.via_channel = ways_in.way_in
    left join users as assignees
        on tickets.assignee_id = assignees.support_user_id
    left join users as requesters
        on tickets.requester_id = requesters.support_user_id
    left join answered_tickets
        on tickets.ticket_id = answered_tickets.ticket_id

),

customer_contacts as (

    select
        *,
        not is_deleted and opened_by in ('customer', 'agent') as is_customer_contact
    from ticket_channels

)

select * from customer_contacts
