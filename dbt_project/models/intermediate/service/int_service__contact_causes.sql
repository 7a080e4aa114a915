-- One row per contact that an order or a visit caused: the order that the ticket names, else the customer's last
-- visit to an owned digital or physical channel in the attribution lookback before it. A contact without either has
-- no row.
with

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}
    where is_contact

),

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where {{ is_counted() }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where key_type = 'order_id'

),

orders as (

    select * from {{ ref('int_commerce__orders') }}

),

channels as (

    select * from {{ ref('channels') }}

),

contacts as (

    select
        case_tickets.case_id,
        case_tickets.ticket_id,
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.customer_position,
        touchpoints.occurred_at
    from case_tickets
    inner join touchpoints
        on touchpoints.record_key = {{ record_key("'support'", "'tickets'", 'case_tickets.ticket_id') }}

),

visits as (

    select
        touchpoints.customer_id,
        touchpoints.customer_position,
        touchpoints.occurred_at,
        touchpoints.channel,
        {{ local_date('touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')") }} as visited_on
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    where
        touchpoints.customer_id is not null
        and touchpoints.direction = 'inbound'
        and not touchpoints.is_arrival
        and channels.is_owned
        and channels.channel_group in ('digital', 'physical')

),

moments as (

    select
        customer_id,
        customer_position,
        customer_position as visit_position,
        cast(null as {{ dbt.type_string() }}) as ticket_id
    from visits
    union all
    select
        customer_id,
        customer_position,
        null as visit_position,
        ticket_id
    from contacts
    where customer_id is not null

),

last_visits as (

    select
        ticket_id,
        customer_id,
        max(visit_position) over (
            partition by customer_id
            order by customer_position
            rows between unbounded preceding and current row
        ) as visit_position
    from moments

),

visits_before as (

    select
        contacts.ticket_id,
        visits.channel,
        visits.visited_on
    from contacts
    inner join last_visits
        on contacts.ticket_id = last_visits.ticket_id
    inner join visits
        on
            last_visits.customer_id = visits.customer_id
            and last_visits.visit_position = visits.customer_position
    where
        {{ seconds_between('visits.occurred_at', 'contacts.occurred_at') }}
        <= {{ var('attribution_lookback_days') * 86400 }}

),

-- Of several orders that a ticket names, the last one placed before it.
named_orders as (

    select
        contacts.ticket_id,
        orders.order_id,
        orders.channel_sold,
        {{ local_date('orders.ordered_at', "coalesce(orders.timezone, 'UTC')") }} as ordered_on,
        row_number() over (
            partition by contacts.ticket_id
            order by
                case when orders.ordered_at <= contacts.occurred_at then 0 else 1 end,
                orders.ordered_at desc,
                orders.order_id desc
        ) as order_rank
    from contacts
    inner join touchpoint_keys
        on contacts.touchpoint_id = touchpoint_keys.touchpoint_id
    inner join orders
        on touchpoint_keys.key_value = orders.order_id

),

contact_causes as (

    select
        contacts.case_id,
        contacts.ticket_id,
        contacts.customer_id,
        contacts.occurred_at as contacted_at,
        named_orders.order_id,
        case when named_orders.order_id is not null then 'order' else 'visit' end as cause,
        coalesce(named_orders.channel_sold, visits_before.channel) as cause_channel,
        coalesce(named_orders.ordered_on, visits_before.visited_on) as caused_on
    from contacts
    left join named_orders
        on
            contacts.ticket_id = named_orders.ticket_id
            and named_orders.order_rank = 1
    left join visits_before
        on contacts.ticket_id = visits_before.ticket_id
    where
        named_orders.order_id is not null
        or visits_before.ticket_id is not null

)

select * from contact_causes
