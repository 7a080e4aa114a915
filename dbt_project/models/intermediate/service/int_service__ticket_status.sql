-- One row per support ticket: when it was first and last solved, whether it was merged into another, how often it came
-- back, and its rating.
{%- set solved = "('solved', 'closed', 'archived')" %}
with

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

status_changes as (

    select * from {{ ref('stg_support__status_changes') }}
    where field = 'status'

),

assignee_changes as (

    select
        ticket_id,
        count(*) as transfers
    from {{ ref('stg_support__status_changes') }}
    where
        field = 'assignee_id'
        and previous_value is not null
        and value is not null
    group by ticket_id

),

ratings as (

    select
        ticket_id,
        score,
        row_number() over (partition by ticket_id order by rated_at desc, rating_id desc) as rating_rank
    from {{ ref('stg_support__satisfaction_ratings') }}
    where score in ('good', 'bad')

),

ticket_merges as (

    select * from {{ ref('int_records__ticket_merges') }}

),

solved_changes as (

    select
        ticket_id,
        min(case when value in {{ solved }} then changed_at end) as first_solved_at,
        max(case when value in {{ solved }} then changed_at end) as last_solved_at,
        sum(
            case when previous_value in {{ solved }} and value not in {{ solved }} then 1 else 0 end
        ) as reopened
    from status_changes
    group by ticket_id

),

ticket_status as (

    select
        tickets.ticket_id,
        tickets.status in {{ solved }} as is_solved,
        case
            when tickets.status in {{ solved }}
                then coalesce(solved_changes.first_solved_at, tickets.updated_at)
            else solved_changes.first_solved_at
        end as first_solved_at,
        case
            when tickets.status in {{ solved }}
                then coalesce(solved_changes.last_solved_at, tickets.updated_at)
        end as solved_at,
        ticket_merges.ticket_id is not null as is_merged,
        coalesce(solved_changes.reopened, 0) as reopened,
        coalesce(assignee_changes.transfers, 0) as transfers,
        case coalesce(ratings.score, tickets.satisfaction_score)
            when 'good' then 1.0
            when 'bad' then 0.0
        end as csat
    from tickets
    left join solved_changes
        on tickets.ticket_id = solved_changes.ticket_id
    left join assignee_changes
        on tickets.ticket_id = assignee_changes.ticket_id
    left join ticket_merges
        on tickets.ticket_id = ticket_merges.ticket_id
    left join ratings
        on
            tickets.ticket_id = ratings.ticket_id
            and ratings.rating_rank = 1

)

select * from ticket_status
