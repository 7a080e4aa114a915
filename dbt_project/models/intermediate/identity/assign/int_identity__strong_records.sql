-- One row per record with a usable strong identifier: the person of its strongest identifier.
with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

people as (

    select * from {{ ref('int_identity__people') }}

),

ranked_identifiers as (

    select
        identifiers.record_key,
        people.customer_id,
        identifiers.node,
        row_number() over (
            partition by identifiers.record_key
            order by identifiers.priority, identifiers.node
        ) as node_rank
    from identifiers
    inner join people
        on identifiers.node = people.node

),

strong_records as (

    select
        record_key,
        customer_id,
        node
    from ranked_identifiers
    where node_rank = 1

)

select * from strong_records
