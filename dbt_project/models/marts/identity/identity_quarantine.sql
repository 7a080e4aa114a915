-- One row per identifier value that links nobody: a placeholder, an impossible value, or one that too many
-- people share.
with

unusable_values as (

    select * from {{ ref('int_identity__values') }}
    where unusable_reason is not null

),

observed as (

    select * from {{ ref('int_identity__observed') }}

),

hubs as (

    select * from {{ ref('int_identity__hubs') }}

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

strong_records as (

    select * from {{ ref('int_identity__strong_records') }}

),

public_devices as (

    select * from {{ ref('int_identity__public_devices') }}

),

unusable_sightings as (

    select
        unusable_values.identifier_type,
        coalesce(unusable_values.identifier_value, unusable_values.raw_value) as identifier_value,
        unusable_values.unusable_reason as reason,
        cast(null as {{ dbt.type_bigint() }}) as people,
        min(observed.occurred_at) as first_seen_at,
        max(observed.occurred_at) as last_seen_at,
        count(*) as records
    from unusable_values
    inner join observed
        on
            unusable_values.identifier_type = observed.identifier_type
            and unusable_values.raw_value = observed.raw_value
            and unusable_values.phone_country = observed.phone_country
    group by
        unusable_values.identifier_type,
        coalesce(unusable_values.identifier_value, unusable_values.raw_value),
        unusable_values.unusable_reason

),

-- Whose the records of a hub are is known by their other identifiers.
hub_sightings as (

    select
        hubs.identifier_type,
        hubs.identifier_value,
        hubs.reason,
        count(distinct strong_records.customer_id) as people,
        min(identifiers.occurred_at) as first_seen_at,
        max(identifiers.occurred_at) as last_seen_at,
        count(*) as records
    from hubs
    inner join identifiers
        on hubs.node = identifiers.node
    left join strong_records
        on identifiers.record_key = strong_records.record_key
    group by hubs.identifier_type, hubs.identifier_value, hubs.reason

),

quarantine as (

    select * from unusable_sightings
    union all
    select * from hub_sightings
    union all
    select
        identifier_type,
        identifier_value,
        'public device' as reason,
        people,
        first_seen_at,
        last_seen_at,
        records
    from public_devices

)

select
    identifier_type,
    identifier_value,
    reason,
    cast(people as {{ dbt.type_bigint() }}) as people,
    first_seen_at,
    last_seen_at,
    cast(records as {{ dbt.type_bigint() }}) as records
from quarantine
