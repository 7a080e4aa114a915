-- One row per record and identifier in it, as written: no value is normalised or validated yet. An account id that is
-- an e-mail address or an international phone number is also that address or number. Browser and device ids of machines
-- and shared devices (a kiosk, an ATM) are left out, because they do not belong to a person.
with

events as (

    select * from {{ ref('int_records__events') }}

),

members as (

    select
        {{ record_key("'store'", "'members'", "member_id") }} as record_key,
        'store' as source_system,
        enrolled_at as occurred_at,
        *
    from {{ ref('stg_store__members') }}

),

store_locations as (

    select * from {{ ref('stg_store__locations') }}

),

transactions as (

    select
        {{ record_key("'store'", "'transactions'", "receipts.transaction_id") }} as record_key,
        'store' as source_system,
        store_locations.country,
        receipts.*
    from {{ ref('stg_store__transactions') }} as receipts
    left join store_locations
        on receipts.location_id = store_locations.location_id

),

visits as (

    select
        {{ record_key("'store'", "'visits'", "visits.visit_id") }} as record_key,
        'store' as source_system,
        store_locations.country,
        visits.*
    from {{ ref('stg_store__visits') }} as visits
    left join store_locations
        on visits.location_id = store_locations.location_id

),

loyalty_entries as (

    select
        {{ record_key("'store'", "'loyalty_ledger'", "entry_id") }} as record_key,
        'store' as source_system,
        *
    from {{ ref('stg_store__loyalty_ledger') }}

),

support_users as (

    select
        {{ record_key("'support'", "'users'", "support_user_id") }} as record_key,
        'support' as source_system,
        created_at as occurred_at,
        *
    from {{ ref('stg_support__users') }}
    where not is_agent

),

support_messages as (

    select
        messages.record_key,
        'support' as source_system,
        messages.occurred_at,
        messages.requester_id
    from {{ ref('int_records__messages') }} as messages
    inner join support_users
        on messages.requester_id = support_users.support_user_id

),

personal_events as (

    select * from events
    where not is_bot and not is_shared_device

),

as_written as (

    {{ unpivot_columns(
        'events',
        {
            'user_id': 'user_id',
            'email': 'email',
            'phone': 'phone',
            'loyalty_id': 'loyalty_id',
            'member_id': 'member_id',
            'social': dbt.concat(['network', "':'", 'handle']),
        },
        'identifier_type', 'raw_value', ['event_key as record_key', 'source_system', 'occurred_at', 'null as country']
    ) }}
    union all
    {{ unpivot_columns(
        'personal_events',
        {
            'anonymous_id': 'anonymous_id',
            'device_id': 'device_id',
            'advertising_id': 'advertising_id',
        },
        'identifier_type', 'raw_value', ['event_key as record_key', 'source_system', 'occurred_at', 'null as country']
    ) }}
    union all
    {{ unpivot_columns(
        'members',
        {'member_id': 'member_id', 'loyalty_id': 'loyalty_id', 'email': 'email', 'phone': 'phone'},
        'identifier_type', 'raw_value', ['record_key', 'source_system', 'occurred_at', 'null as country']
    ) }}
    union all
    {{ unpivot_columns(
        'transactions',
        {
            'member_id': 'member_id',
            'email': 'customer_email',
            'phone': 'customer_phone',
            'payment_token': 'payment_token',
        },
        'identifier_type', 'raw_value', ['record_key', 'source_system', 'occurred_at', 'country']
    ) }}
    union all
    {{ unpivot_columns(
        'visits',
        {'member_id': 'member_id', 'email': 'email', 'phone': 'phone', 'device_id': 'device_id'},
        'identifier_type', 'raw_value', ['record_key', 'source_system', 'occurred_at', 'country']
    ) }}
    union all
    {{ unpivot_columns(
        'loyalty_entries',
        {'member_id': 'member_id'},
        'identifier_type', 'raw_value', ['record_key', 'source_system', 'occurred_at', 'null as country']
    ) }}
    union all
    {{ unpivot_columns(
        'support_users',
        {'support_user_id': 'support_user_id', 'user_id': 'external_id', 'email': 'email', 'phone': 'phone'},
        'identifier_type', 'raw_value', ['record_key', 'source_system', 'occurred_at', 'null as country']
    ) }}
    union all
    {{ unpivot_columns(
        'support_messages',
        {'support_user_id': 'requester_id'},
        'identifier_type', 'raw_value', ['record_key', 'source_system', 'occurred_at', 'null as country']
    ) }}
    union all
    -- An alias states that its previous id is the same visitor: a sign-in of that browser.
    select
        event_key as record_key,
        source_system,
        occurred_at,
        null as country,
        'anonymous_id' as identifier_type,
        previous_id as raw_value
    from personal_events
    where
        message_type = 'alias'
        and previous_id is not null

),

account_contacts as (

    select
        *,
        case
            when raw_value like '%_@_%._%' or {{ dbt.position("'%40'", 'raw_value') }} > 0 then 'email'
            when {{ regexp_matches('raw_value', "'^[+][1-9][0-9]{6,14}$'") }} then 'phone'
        end as contact_type
    from as_written
    where identifier_type in ('user_id', 'member_id', 'loyalty_id')

),

observed_values as (

    select * from as_written
    union all
    select
        record_key,
        source_system,
        occurred_at,
        country,
        contact_type as identifier_type,
        raw_value
    from account_contacts
    where contact_type is not null

),

observed as (

    select
        record_key,
        source_system,
        occurred_at,
        identifier_type,
        raw_value,
        -- Only a phone number without an international prefix depends on the country.
        case
            when identifier_type <> 'phone' or raw_value like '+%' or raw_value like '00%' then ''
            else coalesce(
                country,
                case source_system
                    {%- for source in phone_sources() %}
                    when '{{ source }}' then {{ phone_region(source) }}
                    {%- endfor %}
                end,
                ''
            )
        end as phone_country
    from observed_values

)

select * from observed
