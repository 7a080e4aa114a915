-- One row per support ticket: the channel it came in on, and until when a chatbot, not a person, was
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
        answered_tickets.first_human_answer_at,
        coalesce(assignees.is_bot, false) as is_bot_assigned,
        coalesce(requesters.is_agent, false) as is_opened_by_agent,
        coalesce(support_channels.channel, 'support_web') as human_channel,
        case
            when
                coalesce(support_channels.may_be_bot, false)
                and (
                    coalesce(assignees.is_bot, false)
                    or tickets.is_bot_tagged
                    or coalesce(answered_tickets.is_bot_first, false)
                )
                then 'support_bot'
            else coalesce(support_channels.channel, 'support_web')
        end as channel
    from tickets
    left join support_channels
        on tickets.via_channel = support_channels.via_channel
    left join users as assignees
        on tickets.assignee_id = assignees.support_user_id
    left join users as requesters
        on tickets.requester_id = requesters.support_user_id
    left join answered_tickets
        on tickets.ticket_id = answered_tickets.ticket_id

)

select * from ticket_channels
