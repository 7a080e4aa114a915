-- One row per browser, device, advertising id or payment token, instant and person who was signed in at that instant: a
-- record contains it together with a strong identifier of the person.
with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where tier = 2

),

strong_records as (

    select * from {{ ref('int_identity__strong_records') }}

),

sign_ins as (

    select
        identifiers.node as device_node,
        identifiers.identifier_type,
        identifiers.identifier_value,
        identifiers.occurred_at,
        strong_records.customer_id,
        min(identifiers.record_key) as least_record_key
    from identifiers
    inner join strong_records
        on identifiers.record_key = strong_records.record_key
    group by
        identifiers.node,
        identifiers.identifier_type,
        identifiers.identifier_value,
        identifiers.occurred_at,
        strong_records.customer_id

)

select * from sign_ins
