-- One row per device, browser or payment token on which more people signed in than one household has. Records without a
-- sign-in are not assigned by it.
with

sign_ins as (

    select * from {{ ref('int_identity__sign_ins') }}

),

rules as (

    select * from {{ ref('identity_rules') }}

),

people_per_device as (

    select
        device_node,
        identifier_type,
        identifier_value,
        count(distinct customer_id) as people,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        count(*) as records
    from sign_ins
    group by device_node, identifier_type, identifier_value

),

public_devices as (

    select
        people_per_device.device_node,
        people_per_device.identifier_type,
        people_per_device.identifier_value,
        people_per_device.people,
        rules.max_people_per_value,
        people_per_device.first_seen_at,
        people_per_device.last_seen_at,
        people_per_device.records
    from people_per_device
    inner join rules
        on people_per_device.identifier_type = rules.identifier_type
    where people_per_device.people > rules.max_people_per_value

)

select * from public_devices
