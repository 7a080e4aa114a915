-- One row per support case, with subject and reason of its first ticket, priority, group and agent of its last ticket,
-- and its targets by the seed `service_levels`.
with

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

ticket_channels as (

    select * from {{ ref('int_records__ticket_channels') }}

),

ticket_reasons as (

    select * from {{ ref('int_service__ticket_reasons') }}

),

support_groups as (

    select * from {{ ref('support_groups') }}

),

service_levels as (

    select * from {{ ref('service_levels') }}

),

ordered_tickets as (

    select
        case_tickets.case_id,
        tickets.subject,
        tickets.priority,
        tickets.group_id,
        tickets.assignee_id,
        ticket_channels.channel,
        ticket_reasons.reason,
        case_tickets.ticket_number,
        max(case_tickets.ticket_number) over (partition by case_tickets.case_id) as last_ticket_number
    from case_tickets
    inner join tickets
        on case_tickets.ticket_id = tickets.ticket_id
    inner join ticket_channels
        on case_tickets.ticket_id = ticket_channels.ticket_id
    inner join ticket_reasons
        on case_tickets.ticket_id = ticket_reasons.ticket_id

),

cases as (

    select
        first_tickets.case_id,
        first_tickets.subject,
        first_tickets.reason,
        first_tickets.channel,
        last_tickets.group_id,
        last_tickets.assignee_id,
        coalesce(last_tickets.priority, 'normal') as priority
    from ordered_tickets as first_tickets
    inner join ordered_tickets as last_tickets
        on
            first_tickets.case_id = last_tickets.case_id
            and last_tickets.ticket_number = last_tickets.last_ticket_number
    where first_tickets.ticket_number = 1

),

ranked_levels as (

    select
        cases.case_id,
        service_levels.first_reply_minutes,
        service_levels.resolution_minutes,
        row_number() over (
            partition by cases.case_id
            order by
                case when service_levels.channel is null then 1 else 0 end,
                case when service_levels.priority is null then 1 else 0 end
        ) as level_rank
    from cases
    inner join service_levels
        on
            cases.channel = coalesce(service_levels.channel, cases.channel)
            and cases.priority = coalesce(service_levels.priority, cases.priority)

),

case_details as (

    select
        cases.case_id,
        cases.subject,
        cases.reason,
        cases.priority,
        cases.assignee_id as agent_id,
        cast(ranked_levels.first_reply_minutes as double) as first_reply_target_minutes,
        cast(ranked_levels.resolution_minutes as double) as resolution_target_minutes,
        coalesce(support_groups.group_name, cases.group_id) as support_group
    from cases
    left join support_groups
        on cases.group_id = support_groups.group_id
    left join ranked_levels
        on
            cases.case_id = ranked_levels.case_id
            and ranked_levels.level_rank = 1

)

select * from case_details
