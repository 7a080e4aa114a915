-- One row per unit of the raw tables and id of a business object that several customers' records may share: orders,
-- bookings, applications and tickets, by the id in the record and by the resolved id, and users of the support system.
-- A unit is a set of records that are delivered together: an event, a receipt with its lines, a ticket with its
-- comments.
with

record_keys as (

    select * from {{ ref('int_records__keys') }}
    where key_type in ('order_id', 'booking_id', 'application_id', 'ticket_id')

),

support_messages as (

    select * from {{ ref('int_records__messages') }}

),

events as (

    select * from {{ ref('int_records__events') }}
    where order_id is not null

),

transactions as (

    select * from {{ ref('stg_store__transactions') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

loyalty_entries as (

    select * from {{ ref('stg_store__loyalty_ledger') }}

),

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

comments as (

    select * from {{ ref('stg_support__ticket_comments') }}

),

ticket_merges as (

    select * from {{ ref('int_records__ticket_merges') }}

),

activations as (

    select * from {{ ref('stg_marketing__activations') }}

),

{%- set transaction = record_key("'store'", "'transactions'", 'transaction_id') %}
{%- set entry = record_key("'store'", "'loyalty_ledger'", 'entry_id') %}
{%- set ticket = record_key("'support'", "'tickets'", 'ticket_id') %}

all_names as (

    select
        coalesce(
            {{ record_key("'support'", "'tickets'", 'support_messages.ticket_id') }}, record_keys.record_key
        ) as unit,
        record_keys.key_type as object_type,
        record_keys.key_value as object_name
    from record_keys
    left join support_messages
        on record_keys.record_key = support_messages.record_key
    union all
    select
        event_key as unit,
        'order_id' as object_type,
        order_id as object_name
    from events
    {%- for name in ['transaction_id', 'order_id', dbt.concat(["'receipt:'", 'transaction_id'])] %}
    union all
    select
        {{ transaction }} as unit,
        'order_id' as object_type,
        {{ name }} as object_name
    from transactions
    {%- endfor %}
    union all
    select
        {{ transaction }} as unit,
        'order_id' as object_type,
        returned_transaction_id as object_name
    from transaction_lines
    {%- for name in ['transaction_id', 'order_id'] %}
    union all
    select
        {{ entry }} as unit,
        'order_id' as object_type,
        {{ name }} as object_name
    from loyalty_entries
    {%- endfor %}
    union all
    select
        {{ ticket }} as unit,
        'order_id' as object_type,
        order_id as object_name
    from tickets
    {%- for name in ['ticket_id', 'parent_ticket_id', 'problem_id'] %}
    union all
    select
        {{ ticket }} as unit,
        'ticket_id' as object_type,
        {{ name }} as object_name
    from tickets
    {%- endfor %}
    union all
    select
        {{ ticket }} as unit,
        'ticket_id' as object_type,
        merged_into_ticket_id as object_name
    from ticket_merges
    {%- for user in ['requester_id', 'assignee_id'] %}
    union all
    select
        {{ ticket }} as unit,
        'support_user' as object_type,
        {{ user }} as object_name
    from tickets
    {%- endfor %}
    union all
    select
        {{ ticket }} as unit,
        'support_user' as object_type,
        author_id as object_name
    from comments
    union all
    select
        {{ ticket }} as unit,
        'comment_id' as object_type,
        comment_id as object_name
    from comments
    union all
    -- A member who is removed from an audience is identified by the time of the addition.
    select
        record_key as unit,
        'audience_member' as object_type,
        {{ dbt.concat(['audience', "'|'", 'member_key']) }} as object_name
    from activations

),

object_names as (

    select distinct
        unit,
        object_type,
        object_name
    from all_names
    where object_name is not null

)

select * from object_names
