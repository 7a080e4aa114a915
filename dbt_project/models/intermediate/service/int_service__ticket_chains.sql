-- One row per ticket: the chain of linked tickets that it is in, named by the chain's smallest ticket. Two tickets are
-- linked if an agent merged them; or if they are one person's, and one refers to the other, or the person comes back on
-- the same subject, order or known problem while the earlier ticket is unsolved or was solved no longer ago than the
-- repeat-contact days. Every ticket is linked with itself.
{{ config(materialized='connected_components') }}

with

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

ticket_status as (

    select * from {{ ref('int_service__ticket_status') }}

),

ticket_channels as (

    select * from {{ ref('int_records__ticket_channels') }}

),

ticket_merges as (

    select * from {{ ref('int_records__ticket_merges') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

customer_tickets as (

    select
        tickets.ticket_id,
        tickets.parent_ticket_id,
        tickets.order_id,
        tickets.problem_id,
        tickets.created_at,
        ticket_channels.is_customer_contact,
        ticket_status.solved_at,
        record_customers.customer_id,
        lower(trim(tickets.subject)) as subject
    from tickets
    inner join ticket_status
        on tickets.ticket_id = ticket_status.ticket_id
    inner join ticket_channels
        on tickets.ticket_id = ticket_channels.ticket_id
    left join record_customers
        on record_customers.record_key = {{ record_key("'support'", "'tickets'", 'tickets.ticket_id') }}

),

referred_tickets as (

    select
        customer_tickets.ticket_id as left_node,
        parents.ticket_id as right_node
    from customer_tickets
    inner join customer_tickets as parents
        on
            customer_tickets.parent_ticket_id = parents.ticket_id
            and coalesce(customer_tickets.customer_id, '') = coalesce(parents.customer_id, '')

),

repeated_tickets as (

    select
        earlier.ticket_id as left_node,
        later.ticket_id as right_node
    from customer_tickets as earlier
    inner join customer_tickets as later
        on
            earlier.customer_id = later.customer_id
            and earlier.ticket_id <> later.ticket_id
            and earlier.created_at <= later.created_at
            and (
                earlier.subject = later.subject
                or earlier.order_id = later.order_id
                or earlier.problem_id = later.problem_id
                or earlier.problem_id = later.ticket_id
                or earlier.ticket_id = later.problem_id
            )
    where
        earlier.is_customer_contact
        and later.is_customer_contact
        and (
            earlier.solved_at is null
            or earlier.solved_at >= later.created_at
            or {{ seconds_between('earlier.solved_at', 'later.created_at') }}
            <= {{ var('repeat_contact_days') * 86400 }}
        )

),

merged_tickets as (

    select
        ticket_id as left_node,
        merged_into_ticket_id as right_node
    from ticket_merges

),

single_tickets as (

    select
        ticket_id as left_node,
        ticket_id as right_node
    from customer_tickets

),

ticket_links as (

    select * from merged_tickets
    union all
    select * from referred_tickets
    union all
    select * from repeated_tickets
    union all
    select * from single_tickets

)

select * from ticket_links
