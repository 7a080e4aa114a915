-- One row per record that identity depends on: it contains two strong identifiers, or attributes of a person, is an
-- alias, or is the first one with its only identifier. All other records only repeat a known identifier. Of the people
-- around a delivery, a slice reads only these records.
with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

hubs as (

    select * from {{ ref('int_identity__hubs') }}

),

stated_attributes as (

    select * from {{ ref('int_identity__stated_attributes') }}

),

events as (

    select * from {{ ref('int_records__events') }}
    where message_type = 'alias'

),

records as (

    select
        record_key,
        min(occurred_at) as occurred_at,
        min(node) as node,
        count(distinct node) as nodes
    from identifiers
    group by record_key

),

ranked_records as (

    select
        record_key,
        node,
        nodes,
        row_number() over (
            partition by node, nodes
            order by case when occurred_at is null then 1 else 0 end, occurred_at, record_key
        ) as age_rank
    from records

),

evidence as (

    select record_key
    from ranked_records
    where nodes > 1
    union
    select ranked_records.record_key
    from ranked_records
    left join hubs
        on ranked_records.node = hubs.node
    where
        ranked_records.age_rank = 1
        and hubs.node is null
    union
    select stated_attributes.record_key
    from stated_attributes
    inner join records
        on stated_attributes.record_key = records.record_key
    union
    select events.event_key as record_key
    from events
    inner join records
        on events.event_key = records.record_key

)

select * from evidence
