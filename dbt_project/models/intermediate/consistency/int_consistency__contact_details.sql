-- One row per customer, kind of contact detail and channel: the address or number last stated there.
-- The loyalty programme counts as the store, the help desk's own record of a person as the channel of their
-- latest ticket.
with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where identifier_type in ('email', 'phone')

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}
    where
        tier = 1
        and {{ is_external_customer('customer_id') }}

),

records as (

    select * from {{ ref('int_records__unioned') }}

),

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}

),

members as (

    select * from {{ ref('stg_store__members') }}

),

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

ticket_channels as (

    select * from {{ ref('int_records__ticket_channels') }}

),

requester_tickets as (

    select
        tickets.requester_id,
        ticket_channels.human_channel,
        row_number() over (
            partition by tickets.requester_id
            order by tickets.created_at desc, tickets.ticket_id desc
        ) as recency_rank
    from tickets
    inner join ticket_channels
        on tickets.ticket_id = ticket_channels.ticket_id

),

record_channels as (

    select
        records.record_key,
        coalesce(touchpoints.channel, records.native_channel) as channel
    from records
    left join touchpoints
        on records.record_key = touchpoints.record_key
    union all
    select
        {{ record_key("'store'", "'members'", "member_id") }} as record_key,
        'store' as channel
    from members
    union all
    select
        {{ record_key("'support'", "'users'", "requester_id") }} as record_key,
        human_channel as channel
    from requester_tickets
    where recency_rank = 1

),

told_details as (

    select
        record_customers.customer_id,
        identifiers.identifier_type as detail,
        record_channels.channel,
        identifiers.identifier_value as detail_value,
        min(identifiers.occurred_at) as first_told_at,
        max(identifiers.occurred_at) as last_told_at
    from identifiers
    inner join record_customers
        on identifiers.record_key = record_customers.record_key
    inner join record_channels
        on identifiers.record_key = record_channels.record_key
    group by
        record_customers.customer_id,
        identifiers.identifier_type,
        record_channels.channel,
        identifiers.identifier_value

),

ranked_details as (

    select
        *,
        row_number() over (
            partition by customer_id, detail, channel
            order by last_told_at desc nulls last, detail_value asc
        ) as recency_rank
    from told_details

),

contact_details as (

    select
        customer_id,
        detail,
        channel,
        detail_value,
        first_told_at,
        last_told_at
    from ranked_details
    where recency_rank = 1

)

select * from contact_details
