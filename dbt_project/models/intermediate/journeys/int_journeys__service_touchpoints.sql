-- One row per touchpoint of a support case: tickets, messages on them, and other touchpoints that reference one. A
-- conversion ends a purchase journey even if it references a ticket.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and not is_conversion
        and {{ is_counted() }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where key_type = 'ticket_id'

),

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

customer_tickets as (

    select
        case_tickets.case_id,
        case_tickets.ticket_id,
        record_customers.customer_id
    from case_tickets
    inner join record_customers
        on record_customers.record_key = {{ record_key("'support'", "'tickets'", 'case_tickets.ticket_id') }}

),

service_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.customer_position,
        min(customer_tickets.case_id) as case_id
    from touchpoints
    inner join touchpoint_keys
        on touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    inner join customer_tickets
        on
            touchpoint_keys.key_value = customer_tickets.ticket_id
            and touchpoints.customer_id = customer_tickets.customer_id
    group by
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.customer_position

)

select * from service_touchpoints
