-- One row per record and business object that it names: the cart, order, booking, application, ticket, coupon
-- or product.
with

new_events as (

    select * from {{ ref('int_records__events') }}

),

order_events as (

    select
        event_key,
        order_id
    from {{ ref('int_records__events') }}
    where order_id is not null

),

event_products as (

    select * from {{ ref('stg_segment__event_products') }}

),

transaction_lines as (

    select * from {{ ref('stg_store__transaction_lines') }}

),

transaction_orders as (

    select * from {{ ref('int_records__transaction_orders') }}

),

visits as (

    select * from {{ ref('stg_store__visits') }}

),

loyalty_entries as (

    select * from {{ ref('stg_store__loyalty_ledger') }}

),

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

support_messages as (

    select * from {{ ref('int_records__messages') }}

),

event_keys as (

    {{ unpivot_columns(
        'new_events',
        {
            'cart_id': 'cart_id',
            'booking_id': 'booking_id',
            'application_id': 'application_id',
            'ticket_id': 'ticket_id',
            'coupon': 'coupon',
            'product_id': 'product_id',
        },
        'key_type', 'key_value', ['event_key as record_key']
    ) }}

),

-- The point-of-sale transaction that identifies the order may arrive after the event.
event_order_keys as (

    select
        event_key as record_key,
        'order_id' as key_type,
        order_id as key_value
    from order_events

),

event_product_keys as (

    select
        event_key as record_key,
        'product_id' as key_type,
        product_id as key_value
    from event_products
    where product_id is not null

),

transaction_order_keys as (

    select
        {{ record_key("'store'", "'transactions'", "transaction_id") }} as record_key,
        'order_id' as key_type,
        order_id as key_value
    from transaction_orders

),

transaction_product_keys as (

    select
        {{ record_key("'store'", "'transactions'", "transaction_id") }} as record_key,
        'product_id' as key_type,
        product_id as key_value
    from transaction_lines
    where product_id is not null

),

visit_keys as (

    select
        {{ record_key("'store'", "'visits'", "visit_id") }} as record_key,
        context_key as key_type,
        context_id as key_value
    from visits
    where context_key is not null and context_id is not null

),

loyalty_keys as (

    select
        {{ record_key("'store'", "'loyalty_ledger'", "loyalty_entries.entry_id") }} as record_key,
        'order_id' as key_type,
        coalesce(
            loyalty_entries.order_id, transaction_orders.order_id, loyalty_entries.transaction_id
        ) as key_value
    from loyalty_entries
    left join transaction_orders
        on loyalty_entries.transaction_id = transaction_orders.transaction_id
    where coalesce(loyalty_entries.order_id, loyalty_entries.transaction_id) is not null

),

ticket_objects as (

    {{ unpivot_columns(
        'tickets',
        {
            'ticket_id': 'ticket_id',
            'parent_ticket_id': 'parent_ticket_id',
            'cart_id': 'cart_id',
            'order_id': 'order_id',
            'booking_id': 'booking_id',
            'application_id': 'application_id',
            'product_id': 'product_id',
        },
        'key_type', 'key_value', ['ticket_id']
    ) }}

),

support_keys as (

    select
        support_messages.record_key,
        case
            when ticket_objects.key_type = 'parent_ticket_id' then 'ticket_id'
            else ticket_objects.key_type
        end as key_type,
        ticket_objects.key_value
    from support_messages
    inner join ticket_objects
        on support_messages.ticket_id = ticket_objects.ticket_id

),

all_keys as (

    select * from event_keys
    union all
    select * from event_order_keys
    union all
    select * from event_product_keys
    union all
    select * from transaction_order_keys
    union all
    select * from transaction_product_keys
    union all
    select * from visit_keys
    union all
    select * from loyalty_keys
    union all
    select * from support_keys

),

-- A ticket may reference an order by the transaction id of its receipt. If the number is also the id of an order, it
-- means that order.
record_keys as (

    select distinct
        all_keys.record_key,
        all_keys.key_type,
        coalesce(transaction_orders.order_id, all_keys.key_value) as key_value
    from all_keys
    left join transaction_orders
        on
            all_keys.key_type = 'order_id'
            and all_keys.key_value = transaction_orders.transaction_id
            and not transaction_orders.is_number_of_an_order

)

select * from record_keys
