-- One row per ticket of a customer: the case it belongs to, its place in it, and whether it opened a new contact or
-- repeated an old one. Deleted tickets, and tickets of colleagues and other internal people, are in no case.
with

chains as (

    select * from {{ ref('int_service__ticket_chains') }}

),

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

ticket_channels as (

    select * from {{ ref('int_records__ticket_channels') }}
    where is_customer_contact

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

ordered_tickets as (

    select
        chains.component,
        tickets.ticket_id,
        tickets.parent_ticket_id,
        tickets.created_at,
        ticket_channels.opened_by,
        row_number() over (
            partition by chains.component
            order by tickets.created_at, tickets.ticket_id
        ) as ticket_number,
        first_value(tickets.ticket_id) over (
            partition by chains.component
            order by tickets.created_at, tickets.ticket_id
            rows between unbounded preceding and unbounded following
        ) as first_ticket_id
    from chains
    inner join tickets
        on chains.node = tickets.ticket_id
    inner join ticket_channels
        on chains.node = ticket_channels.ticket_id
    left join record_customers -- noqa: ST11
        on record_customers.record_key = {{ record_key("'support'", "'tickets'", 'tickets.ticket_id') }}
    where {{ is_external_customer('record_customers.customer_id') }}

),

case_tickets as (

    select
        {{ dbt.concat(["'case_'", 'first_ticket_id']) }} as case_id,
        ticket_id,
        ticket_number,
        created_at,
        opened_by = 'customer' and (ticket_number = 1 or parent_ticket_id is null) as is_contact,
        opened_by = 'customer' and ticket_number > 1 and parent_ticket_id is null as is_repeat
    from ordered_tickets

)

select * from case_tickets
