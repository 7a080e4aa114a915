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
    group by
        unusable_values.identifier_type,
        coalesce(unusable_values.identifier_value, unusable_values.raw_value),
        unusable_values.unusable_reason

),

quarantine as (

    select * from unusable_sightings
    union all
    select
        identifier_type,
        identifier_value,
        'hub' as reason,
        people,
        first_seen_at,
        last_seen_at,
        records
    from hubs
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
