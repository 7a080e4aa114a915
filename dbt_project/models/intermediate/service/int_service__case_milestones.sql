-- One row per support case: when it was opened, first answered and resolved. A case is resolved when all its tickets
-- are solved, at the time of the last one; when a ticket was merged into another, only the other one counts. Only a
-- public comment is an answer, not an internal note. A case that an agent opened is answered from the start. So is a
-- case with an answer earlier than its opening, which happens with a wrong clock.
with

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

ticket_status as (

    select * from {{ ref('int_service__ticket_status') }}

),

messages as (

    select * from {{ ref('int_records__messages') }}

),

tickets as (

    select
        case_tickets.case_id,
        case_tickets.created_at,
        ticket_status.is_merged,
        ticket_status.is_solved,
        ticket_status.solved_at
    from case_tickets
    inner join ticket_status
        on case_tickets.ticket_id = ticket_status.ticket_id

),

cases as (

    select
        case_id,
        min(created_at) as opened_at,
        case
            when max(case when is_solved then 0 else 1 end) = 0
                then coalesce(max(case when not is_merged then solved_at end), max(solved_at))
        end as resolved_at
    from tickets
    group by case_id

),

answers as (

    select
        case_tickets.case_id,
        min(messages.occurred_at) as first_reply_at,
        min(case when messages.message_kind <> 'comment_bot' then messages.occurred_at end) as first_human_reply_at
    from case_tickets
    inner join messages
        on case_tickets.ticket_id = messages.ticket_id
    where messages.message_kind in ('comment_agent', 'comment_bot', 'ticket_by_agent')
    group by case_tickets.case_id

),

case_milestones as (

    select
        cases.case_id,
        cases.opened_at,
        case when answers.first_reply_at < cases.opened_at then cases.opened_at else answers.first_reply_at end
            as first_reply_at,
        case
            when answers.first_human_reply_at < cases.opened_at then cases.opened_at
            else answers.first_human_reply_at
        end as first_human_reply_at,
        case when cases.resolved_at < cases.opened_at then cases.opened_at else cases.resolved_at end as resolved_at
    from cases
    left join answers
        on cases.case_id = answers.case_id

)

select * from case_milestones
