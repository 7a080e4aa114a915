-- One row per customer, attribute and value told: by which source, and when last. The best told value of each
-- ranks first: the loyalty programme before support, support before what was typed on the web; within one
-- source the latest.
with

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}
    where tier = 1

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}

),

members as (

    select
        {{ record_key("'store'", "'members'", "member_id") }} as record_key,
        *
    from {{ ref('stg_store__members') }}

),

support_users as (

    select
        {{ record_key("'support'", "'users'", "support_user_id") }} as record_key,
        *
    from {{ ref('stg_support__users') }}

),

events as (

    select * from {{ ref('int_records__events') }}

),

told as (

    {{ unpivot_columns(
        'members',
        {
            'first_name': 'first_name',
            'last_name': 'last_name',
            'birth_date': 'birth_date',
            'postcode': 'postcode',
            'loyalty_id': 'loyalty_id',
            'loyalty_tier': 'tier',
        },
        'attribute', 'attribute_value', ['record_key', 'updated_at as told_at', '1 as source_priority']
    ) }}
    union all
    {{ unpivot_columns(
        'support_users',
        {'full_name': 'full_name'},
        'attribute', 'attribute_value', ['record_key', 'updated_at as told_at', '2 as source_priority']
    ) }}
    union all
    {{ unpivot_columns(
        'events',
        {
            'first_name': 'first_name',
            'last_name': 'last_name',
            'full_name': 'full_name',
            'birth_date': 'birth_date',
            'postcode': 'postcode',
        },
        'attribute', 'attribute_value', ['event_key as record_key', 'occurred_at as told_at', '3 as source_priority']
    ) }}
    union all
    select
        record_key,
        occurred_at as told_at,
        case
            when {{ dbt.position("'store:members:'", 'record_key') }} = 1 then 1
            when source_system = 'support' then 2
            when source_system = 'store' then 4
            else 3
        end as source_priority,
        identifier_type as attribute,
        identifier_value as attribute_value
    from identifiers
    where identifier_type in ('email', 'phone')

),

attributes as (

    select
        record_customers.customer_id,
        told.attribute,
        told.attribute_value,
        min(told.source_priority) as source_priority,
        max(told.told_at) as last_told_at
    from told
    inner join record_customers
        on told.record_key = record_customers.record_key
    group by
        record_customers.customer_id,
        told.attribute,
        told.attribute_value

),

ranked_attributes as (

    select
        *,
        row_number() over (
            partition by customer_id, attribute
            order by source_priority asc, last_told_at desc, attribute_value asc
        ) as attribute_rank
    from attributes

)

select * from ranked_attributes
