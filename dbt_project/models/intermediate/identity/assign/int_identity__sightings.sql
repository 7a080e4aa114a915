-- One row per identifier, customer, source and certainty of records that contain the identifier. identity_map ranks
-- these rows, which are far fewer than the records.
with

identifiers as {{ not_materialized() }} (

    select * from {{ ref('int_identity__identifiers') }}

),

people as (

    select * from {{ ref('int_identity__people') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

strong_sightings as (

    select
        identifiers.node,
        identifiers.identifier_type,
        identifiers.identifier_value,
        identifiers.tier,
        people.customer_id,
        true as is_identified,
        identifiers.source_system,
        identifiers.record_key,
        identifiers.occurred_at,
        1 as certainty
    from identifiers
    inner join people
        on identifiers.node = people.node
    where identifiers.tier = 1

),

device_sightings as (

    select
        identifiers.node,
        identifiers.identifier_type,
        identifiers.identifier_value,
        identifiers.tier,
        record_customers.customer_id,
        record_customers.is_identified,
        identifiers.source_system,
        identifiers.record_key,
        identifiers.occurred_at,
        case when record_customers.tier = 1 then 1 else 0 end as certainty
    from identifiers
    inner join record_customers
        on identifiers.record_key = record_customers.record_key
    where identifiers.tier = 2

),

sightings as (

    select * from strong_sightings
    union all
    select * from device_sightings

),

identifier_sightings as (

    select
        node,
        identifier_type,
        identifier_value,
        tier,
        customer_id,
        is_identified,
        source_system,
        certainty,
        min(record_key) as least_record_key,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        count(*) as records
    from sightings
    group by
        node, identifier_type, identifier_value, tier, customer_id, is_identified, source_system, certainty

)

select * from identifier_sightings
