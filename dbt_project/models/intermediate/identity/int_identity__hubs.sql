-- One row per strong identifier that too many people share to tell anyone apart: a shop's own phone, an
-- office's mailbox.
-- How many people it is seen with is judged by the identifiers next to it: two accounts are two people, as
-- many emails as one person may have are one.
with

record_links as (

    select * from {{ ref('int_identity__record_links') }}

),

rules as (

    select * from {{ ref('identity_rules') }}

),

neighbours as (

    select
        left_node as node,
        left_type as identifier_type,
        left_value as identifier_value,
        right_node as neighbour_node,
        right_type as neighbour_type,
        first_seen_at,
        last_seen_at,
        records
    from record_links
    union all
    select
        right_node as node,
        right_type as identifier_type,
        right_value as identifier_value,
        left_node as neighbour_node,
        left_type as neighbour_type,
        first_seen_at,
        last_seen_at,
        records
    from record_links

),

neighbours_by_type as (

    select
        neighbours.node,
        neighbours.identifier_type,
        neighbours.identifier_value,
        neighbours.neighbour_type,
        ceil(
            cast(count(distinct neighbours.neighbour_node) as double) / min(neighbour_rules.max_values_per_person)
        ) as people,
        min(neighbours.first_seen_at) as first_seen_at,
        max(neighbours.last_seen_at) as last_seen_at,
        sum(neighbours.records) as records
    from neighbours
    inner join rules as neighbour_rules
        on neighbours.neighbour_type = neighbour_rules.identifier_type
    group by
        neighbours.node,
        neighbours.identifier_type,
        neighbours.identifier_value,
        neighbours.neighbour_type

),

people_seen_with as (

    select
        node,
        identifier_type,
        identifier_value,
        max(people) as people,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        sum(records) as records
    from neighbours_by_type
    group by node, identifier_type, identifier_value

),

hubs as (

    select
        people_seen_with.node,
        people_seen_with.identifier_type,
        people_seen_with.identifier_value,
        cast(people_seen_with.people as {{ dbt.type_bigint() }}) as people,
        rules.max_people_per_value,
        people_seen_with.first_seen_at,
        people_seen_with.last_seen_at,
        cast(people_seen_with.records as {{ dbt.type_bigint() }}) as records
    from people_seen_with
    inner join rules
        on people_seen_with.identifier_type = rules.identifier_type
    where people_seen_with.people > rules.max_people_per_value

)

select * from hubs
