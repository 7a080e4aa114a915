-- One row per source profile (a member, an account, a support user, or the contact that a guest gave): its attributes,
-- each from the latest record that has it. Probabilistic matching compares these rows.
with

identifiers as {{ not_materialized() }} (

    select * from {{ ref('int_identity__identifiers') }}
    where
        tier = 1
        and identifier_type in ('member_id', 'user_id', 'support_user_id', 'loyalty_id', 'email', 'phone')

),

stated_attributes as (

    select * from {{ ref('int_identity__stated_attributes') }}

),

hubs as (

    select * from {{ ref('int_identity__hubs') }}

),

short_names as (

    select * from {{ ref('identity_short_names') }}

),

ranked_identifiers as (

    select
        *,
        -- A row of the member list is a profile of a member, a user of the help desk one of a support user, whatever
        -- other identifiers it has.
        row_number() over (
            partition by record_key
            order by
                case
                    when record_key like 'store:members:%' and identifier_type = 'member_id' then 0
                    when record_key like 'support:users:%' and identifier_type = 'support_user_id' then 0
                    else priority
                end,
                identifier_value
        ) as identifier_rank
    from identifiers

),

profile_records as (

    select
        record_key,
        occurred_at,
        node,
        identifier_type,
        identifier_value,
        -- A profile's own register is more reliable than an event that mentions it.
        case
            when record_key like 'store:members:%' or record_key like 'support:users:%' then 1
            else 0
        end as is_register
    from ranked_identifiers
    where identifier_rank = 1

),

profiles as (

    select
        node,
        identifier_type,
        identifier_value,
        min(occurred_at) as first_seen_at
    from profile_records
    group by node, identifier_type, identifier_value

),

contact_values as (

    select
        profile_records.node,
        identifiers.identifier_type as attribute,
        identifiers.identifier_value as attribute_value,
        max(profile_records.is_register) as is_register,
        max(identifiers.occurred_at) as told_at
    from profile_records
    inner join identifiers
        on profile_records.record_key = identifiers.record_key
    left join hubs
        on identifiers.node = hubs.node
    where
        identifiers.identifier_type in ('email', 'phone')
        and hubs.node is null
    group by profile_records.node, identifiers.identifier_type, identifiers.identifier_value

),

told_by_profiles as (

    select
        stated_attributes.*,
        profile_records.node,
        profile_records.is_register
    from stated_attributes
    inner join profile_records
        on stated_attributes.record_key = profile_records.record_key

),

told_values as (

    {{ unpivot_columns(
        'told_by_profiles',
        {
            'first_name': 'first_name',
            'last_name': 'last_name',
            'generation': 'generation',
            'birth_date': 'birth_date',
            'street': 'street',
            'city': 'city',
            'postcode': 'postcode',
        },
        'attribute', 'attribute_value', ['node', 'is_register', 'occurred_at as told_at']
    ) }}

),

attribute_values as (

    select
        node,
        attribute,
        attribute_value,
        is_register,
        told_at
    from contact_values
    union all
    select
        node,
        attribute,
        attribute_value,
        is_register,
        told_at
    from told_values

),

ranked_values as (

    select
        node,
        attribute,
        attribute_value,
        row_number() over (
            partition by node, attribute
            order by is_register desc, told_at desc nulls last, attribute_value asc
        ) as value_rank
    from attribute_values

),

latest_values as (

    select
        {%- for attribute in [
            'first_name', 'last_name', 'generation', 'birth_date', 'street', 'city', 'postcode', 'email', 'phone'
        ] %}
        max(case when attribute = '{{ attribute }}' then attribute_value end) as {{ attribute }},
        {%- endfor %}
        node
    from ranked_values
    where value_rank = 1
    group by node

),

source_profiles as (

    select
        profiles.node,
        profiles.identifier_type,
        profiles.identifier_value,
        latest_values.first_name,
        latest_values.last_name,
        latest_values.generation,
        cast(latest_values.birth_date as date) as birth_date,
        latest_values.street,
        latest_values.city,
        latest_values.postcode,
        latest_values.email,
        latest_values.phone,
        profiles.first_seen_at,
        case profiles.identifier_type
            when 'member_id' then 'members'
            when 'user_id' then 'accounts'
            when 'support_user_id' then 'support_users'
            else 'order_contacts'
        end as source,
        coalesce(short_names.formal_name, latest_values.first_name) as formal_name
    from profiles
    left join latest_values
        on profiles.node = latest_values.node
    left join short_names
        on latest_values.first_name = short_names.short_name

)

select * from source_profiles
