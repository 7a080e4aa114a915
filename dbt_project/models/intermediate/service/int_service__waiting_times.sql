-- One row per support case, kind of waiting and stretch of time without a break: from when until when. Kinds are
-- Zendesk's. The requester waits while a ticket is new, open or on hold; the agent works while one is new or open; it
-- is on hold while the answer has to come from elsewhere. While a ticket is pending, the customer has to act.
-- Overlapping times of several tickets count once.
with

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

ticket_status as (

    select * from {{ ref('int_service__ticket_status') }}

),

status_changes as (

    select * from {{ ref('stg_support__status_changes') }}
    where field = 'status'

),

ordered_changes as (

    select
        ticket_id,
        value,
        previous_value,
        changed_at,
        lead(changed_at) over (partition by ticket_id order by changed_at, change_id) as next_changed_at,
        row_number() over (partition by ticket_id order by changed_at, change_id) as change_number
    from status_changes

),

-- A ticket whose changes were not exported was open until it was solved.
status_times as (

    select
        case_tickets.case_id,
        coalesce(lower(ordered_changes.previous_value), 'new') as status,
        case_tickets.created_at as from_at,
        coalesce(ordered_changes.changed_at, ticket_status.solved_at) as until_at
    from case_tickets
    inner join ticket_status
        on case_tickets.ticket_id = ticket_status.ticket_id
    left join ordered_changes
        on
            case_tickets.ticket_id = ordered_changes.ticket_id
            and ordered_changes.change_number = 1
    union all
    select
        case_tickets.case_id,
        lower(ordered_changes.value) as status,
        ordered_changes.changed_at as from_at,
        ordered_changes.next_changed_at as until_at
    from case_tickets
    inner join ordered_changes
        on case_tickets.ticket_id = ordered_changes.ticket_id

),

kinds_of_waiting as (

    select
        'requester_wait' as waiting_kind,
        'new' as status
    union all
    select
        'requester_wait' as waiting_kind,
        'open' as status
    union all
    select
        'requester_wait' as waiting_kind,
        'hold' as status
    union all
    select
        'agent_work' as waiting_kind,
        'new' as status
    union all
    select
        'agent_work' as waiting_kind,
        'open' as status
    union all
    select
        'on_hold' as waiting_kind,
        'hold' as status

),

waits as (

    select
        status_times.case_id,
        kinds_of_waiting.waiting_kind,
        status_times.from_at,
        status_times.until_at,
        max(status_times.until_at) over (
            partition by status_times.case_id, kinds_of_waiting.waiting_kind
            order by status_times.from_at, status_times.until_at
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from status_times
    inner join kinds_of_waiting
        on status_times.status = kinds_of_waiting.status
    where status_times.until_at > status_times.from_at

),

uncovered_waits as (

    select
        case_id,
        waiting_kind,
        until_at,
        case when covered_until > from_at then covered_until else from_at end as from_at
    from waits

),

waiting_times as (

    select * from uncovered_waits
    where until_at > from_at

)

select * from waiting_times
