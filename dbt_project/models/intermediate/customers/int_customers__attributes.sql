-- One row per customer, attribute, value and source that states it: since when, how often, and its rank by the rule of
-- the attribute. An e-mail address or telephone number is verified once the customer has used it: clicked a link sent
-- there, or written from it. Messages of the brand contain the recipient's address, but do not make it more recent. A
-- steward's correction wins over every rule.
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

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}

),

rules as (

    select * from {{ ref('survivorship_rules') }}

),

sources as (

    select * from {{ ref('survivorship_sources') }}

),

corrections as (

    select * from {{ ref('profile_corrections') }}

),

people as (

    select * from {{ ref('int_identity__people') }}

),

sent_messages as (

    select record_key
    from touchpoints
    where
        direction = 'outbound'
        and record_type = 'events'

),

uses as (

    select
        record_key,
        case when touchpoint_type = 'email_link_clicked' then 'email' else 'phone' end as attribute
    from touchpoints
    where touchpoint_type in ('email_link_clicked', 'sms_link_clicked', 'sms_received')

),

stated as (

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
        'attribute', 'attribute_value', ['record_key', 'updated_at as told_at', "'loyalty_programme' as source"]
    ) }}
    union all
    {{ unpivot_columns(
        'support_users',
        {'full_name': 'full_name'},
        'attribute', 'attribute_value', ['record_key', 'updated_at as told_at', "'support' as source"]
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
        'attribute', 'attribute_value', ['event_key as record_key', 'occurred_at as told_at', 'source_system as source']
    ) }}
    union all
    select
        record_key,
        occurred_at as told_at,
        case
            when {{ dbt.position("'store:members:'", 'record_key') }} = 1 then 'loyalty_programme'
            else source_system
        end as source,
        identifier_type as attribute,
        identifier_value as attribute_value
    from identifiers
    where identifier_type in ('email', 'phone')

),

told_by_customers as (

    select
        record_customers.customer_id,
        stated.attribute,
        stated.attribute_value,
        stated.source,
        stated.told_at,
        sent_messages.record_key is not null as is_told_by_brand,
        uses.record_key is not null as is_used
    from stated
    inner join record_customers
        on stated.record_key = record_customers.record_key
    left join sent_messages
        on stated.record_key = sent_messages.record_key
    left join uses
        on
            stated.record_key = uses.record_key
            and stated.attribute = uses.attribute

),

told_by_stewards as (

    select
        people.customer_id,
        corrections.attribute,
        corrections.attribute_value,
        'steward' as source,
        corrections.corrected_at as told_at,
        false as is_told_by_brand,
        true as is_used
    from corrections
    inner join people
        on {{ dbt.concat(['corrections.identifier_type', "':'", 'corrections.identifier_value']) }} = people.node

),

all_told as (

    select * from told_by_customers
    union all
    select * from told_by_stewards

),

attributes as (

    select
        customer_id,
        attribute,
        attribute_value,
        source,
        min(told_at) as first_told_at,
        max(case when not is_told_by_brand then told_at end) as last_told_at,
        count(*) as times_told,
        max(case when is_used then 1 else 0 end) as is_used
    from all_told
    group by customer_id, attribute, attribute_value, source

),

judged_attributes as (

    select
        attributes.customer_id,
        attributes.attribute,
        attributes.attribute_value,
        attributes.source,
        attributes.first_told_at,
        attributes.last_told_at,
        attributes.times_told,
        rules.survivorship_rule,
        sources.source_priority,
        max(attributes.is_used) over (
            partition by attributes.customer_id, attributes.attribute, attributes.attribute_value
        ) = 1 as is_verified
    from attributes
    left join rules
        on attributes.attribute = rules.attribute
    left join sources
        on attributes.source = sources.source

),

ranked_attributes as (

    select
        *,
        row_number() over (
            partition by customer_id, attribute
            order by
                case when source = 'steward' then 0 else 1 end,
                case when survivorship_rule = 'verified_then_most_recent' and not is_verified then 1 else 0 end,
                case when survivorship_rule = 'source_priority' then source_priority end nulls last,
                last_told_at desc nulls last,
                source_priority asc nulls last,
                attribute_value asc,
                source asc
        ) as attribute_rank
    from judged_attributes

)

select * from ranked_attributes
