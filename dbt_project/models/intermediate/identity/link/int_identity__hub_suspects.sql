-- One row per strong identifier that would be a hub if each of its neighbours were a separate person, except those that
-- the owner of an account may have. Only these can be hubs; int_identity__hubs counts people.
with

neighbours as (

    select * from {{ ref('int_identity__neighbours') }}

),

rules as (

    select * from {{ ref('identity_rules') }}

),

neighbours_by_type as (

    select
        node,
        identifier_type,
        neighbour_type,
        count(distinct neighbour_node) as neighbour_values
    from neighbours
    group by node, identifier_type, neighbour_type

),

hub_suspects as (

    select distinct neighbours_by_type.node
    from neighbours_by_type
    inner join rules
        on neighbours_by_type.identifier_type = rules.identifier_type
    inner join rules as neighbour_rules
        on neighbours_by_type.neighbour_type = neighbour_rules.identifier_type
    where
        neighbours_by_type.neighbour_values > neighbour_rules.max_values_per_person
        and neighbours_by_type.neighbour_values
        - case when rules.max_values_per_person = 1 then neighbour_rules.max_values_per_person - 1 else 0 end
        > rules.max_people_per_value

)

select * from hub_suspects
