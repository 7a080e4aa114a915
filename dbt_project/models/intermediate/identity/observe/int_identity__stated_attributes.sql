-- One row per record that states a name, birth date or postal address, normalised for comparison: plain words, a full
-- name split into first and last, and a suffix of generations (Jr, Sr) in a column of its own.
{% set generations = '(jr|sr|junior|senior|ii|iii|iv)' -%}
with

events as (

    select * from {{ ref('int_records__events') }}
    where not is_bot

),

postal_addresses as (

    select * from {{ ref('stg_segment__postal_addresses') }}

),

members as (

    select * from {{ ref('stg_store__members') }}

),

support_users as (

    select * from {{ ref('stg_support__users') }}
    where not is_agent

),

blocked_words as (

    select distinct value
    from {{ ref('identity_blocked_values') }}
    where
        identifier_type = 'any'
        and not is_pattern

),

blocked_names as (

    select distinct value
    from {{ ref('identity_blocked_values') }}
    where identifier_type = 'name'

),

stated as (

    select
        events.event_key as record_key,
        events.occurred_at,
        events.first_name,
        events.last_name,
        events.full_name,
        events.birth_date,
        postal_addresses.street,
        postal_addresses.city,
        events.postcode
    from events
    left join postal_addresses
        on events.event_key = postal_addresses.event_key
    where
        events.first_name is not null
        or events.last_name is not null
        or events.full_name is not null
        or events.birth_date is not null
        or events.postcode is not null
        or postal_addresses.event_key is not null
    union all
    select
        {{ record_key("'store'", "'members'", "member_id") }} as record_key,
        coalesce(updated_at, enrolled_at) as occurred_at,
        first_name,
        last_name,
        null as full_name,
        birth_date,
        null as street,
        null as city,
        postcode
    from members
    union all
    select
        {{ record_key("'support'", "'users'", "support_user_id") }} as record_key,
        coalesce(updated_at, created_at) as occurred_at,
        null as first_name,
        null as last_name,
        full_name,
        cast(null as date) as birth_date,
        null as street,
        null as city,
        null as postcode
    from support_users

),

plain as (

    select
        record_key,
        occurred_at,
        {{ plain_words('first_name') }} as first_name,
        {{ plain_words('last_name') }} as last_name,
        -- In "Berg, Mia" the family name comes first.
        {{ plain_words(
            "case when full_name like '%,%' then "
            ~ dbt.concat([dbt.split_part('full_name', "','", 2), "' '", dbt.split_part('full_name', "','", 1)])
            ~ " else full_name end"
        ) }} as full_name,
        case
            when birth_date between date '1900-01-02' and date '2100-12-31' and birth_date <> date '1970-01-01'
                then birth_date
        end as birth_date,
        {{ plain_words('street') }} as street,
        {{ plain_words('city') }} as city,
        upper(replace({{ plain_words('postcode') }}, ' ', '')) as postcode
    from stated

),

untitled as (

    select
        plain.*,
        -- Support systems use the number as the name of an unknown caller, and one name for all deleted users.
        case
            when
                blocked_names.value is null
                and not coalesce({{ regexp_matches('plain.full_name', "'[0-9]{4}'") }}, false)
                then {{ regexp_extract('plain.full_name', "'^((mr|mrs|ms|miss|mx|dr|prof) )?(.+)$'", 3) }}
        end as untitled_name
    from plain
    left join blocked_names
        on plain.full_name = blocked_names.value

),

parted as (

    select
        *,
        coalesce(first_name, {{ dbt.split_part('untitled_name', "' '", 1) }}) as given_name,
        coalesce(last_name, {{ regexp_extract('untitled_name', "'^[^ ]+ (.+)$'") }}) as family_name
    from untitled

),

stated_attributes as (

    select
        parted.record_key,
        parted.occurred_at,
        case when blocked_first.value is null then parted.given_name end as first_name,
        case
            when blocked_last.value is null
                then {{ regexp_replace('parted.family_name', "' " ~ generations ~ "$'", "''") }}
        end as last_name,
        case {{ regexp_extract('parted.family_name', "' " ~ generations ~ "$'") }}
            when 'junior' then 'jr'
            when 'senior' then 'sr'
            else {{ regexp_extract('parted.family_name', "' " ~ generations ~ "$'") }}
        end as generation,
        parted.birth_date,
        parted.street,
        parted.city,
        -- American postcodes may have four more digits (ZIP+4), which identify a part of a street.
        coalesce({{ regexp_extract('parted.postcode', "'^([0-9]{5})[0-9]{4}$'") }}, parted.postcode) as postcode
    from parted
    left join blocked_words as blocked_first
        on parted.given_name = blocked_first.value
    left join blocked_words as blocked_last
        on parted.family_name = blocked_last.value

)

select * from stated_attributes
