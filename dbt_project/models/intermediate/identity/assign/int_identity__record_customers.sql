-- One row per record with a customer, and the tier and identifier that resolved it. A record without any identifier (a
-- cash sale) has no row and no customer.
with

known_records as {{ not_materialized() }} (

    select * from {{ ref('int_identity__known_records') }}

),

record_keys as (

    select * from {{ ref('int_records__keys') }}

),

object_owners as (

    select * from {{ ref('int_identity__object_owners') }}

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where tier = 2

),

public_devices as (

    select * from {{ ref('int_identity__public_devices') }}

),

naming_key as (

    select * from {{ ref('int_identity__naming_key') }}

),

owned_records as (

    select
        record_keys.record_key,
        object_owners.customer_id,
        {{ dbt.concat(['object_owners.key_type', "':'", 'object_owners.key_value']) }} as resolved_by,
        row_number() over (
            partition by record_keys.record_key
            order by object_owners.priority, object_owners.key_value
        ) as object_rank
    from record_keys
    inner join object_owners
        on
            record_keys.key_type = object_owners.key_type
            and record_keys.key_value = object_owners.key_value
    left join known_records
        on record_keys.record_key = known_records.record_key
    where known_records.record_key is null

),

anonymous_records as (

    select
        identifiers.record_key,
        identifiers.node,
        row_number() over (
            partition by identifiers.record_key
            order by identifiers.priority, identifiers.node
        ) as device_rank
    from identifiers
    left join known_records
        on identifiers.record_key = known_records.record_key
    left join owned_records
        on
            identifiers.record_key = owned_records.record_key
            and owned_records.object_rank = 1
    left join public_devices
        on identifiers.node = public_devices.device_node
    where
        known_records.record_key is null
        and owned_records.record_key is null
        and public_devices.device_node is null

),

record_customers as (

    select
        record_key,
        customer_id,
        tier,
        resolved_by,
        true as is_identified
    from known_records
    union all
    select
        record_key,
        customer_id,
        3 as tier,
        resolved_by,
        true as is_identified
    from owned_records
    where object_rank = 1
    union all
    select
        anonymous_records.record_key,
        {{ customer_id('anonymous_records.node', 'naming_key.naming_key') }} as customer_id,
        2 as tier,
        anonymous_records.node as resolved_by,
        false as is_identified
    from anonymous_records
    cross join naming_key
    where anonymous_records.device_rank = 1

)

select * from record_customers
