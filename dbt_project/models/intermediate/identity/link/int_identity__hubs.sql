-- One row per strong identifier that too many people share, such as a shop's phone or an office's mailbox, or a phone
-- number that the support system reports as shared. People are counted in the graph without the suspects
-- (int_identity__hub_groups): neighbours that are connected there belong to one person, the others each to a person of
-- their own. Unconnected e-mails or phones within one person's limit may still be one person's. An account has one
-- owner, whose contacts count once.
with

neighbours as (

    select * from {{ ref('int_identity__neighbours') }}

),

hub_suspects as (

    select * from {{ ref('int_identity__hub_suspects') }}

),

hub_groups as (

    select * from {{ ref('int_identity__hub_groups') }}

),

rules as (

    select * from {{ ref('identity_rules') }}

),

support_users as (

    select * from {{ ref('stg_support__users') }}
    where
        is_phone_shared
        and not is_agent

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

groups_next_to_it as (

    select
        neighbours.node,
        neighbours.identifier_type,
        neighbours.neighbour_type,
        hub_groups.component,
        count(distinct neighbours.neighbour_node) as neighbour_values
    from neighbours
    inner join hub_suspects
        on neighbours.node = hub_suspects.node
    inner join hub_groups
        on neighbours.neighbour_node = hub_groups.node
    group by neighbours.node, neighbours.identifier_type, neighbours.neighbour_type, hub_groups.component

),

groups_by_type as (

    select
        groups_next_to_it.node,
        groups_next_to_it.identifier_type,
        groups_next_to_it.neighbour_type,
        sum(groups_next_to_it.neighbour_values) as neighbour_values,
        -- A component with more values than a person may have counts as several people.
        sum(
            ceil(cast(groups_next_to_it.neighbour_values as double) / neighbour_rules.max_values_per_person)
        ) as neighbour_people
    from groups_next_to_it
    inner join rules as neighbour_rules
        on groups_next_to_it.neighbour_type = neighbour_rules.identifier_type
    group by groups_next_to_it.node, groups_next_to_it.identifier_type, groups_next_to_it.neighbour_type

),

people_by_type as (

    select
        groups_by_type.node,
        rules.max_people_per_value,
        case
            when groups_by_type.neighbour_values > neighbour_rules.max_values_per_person
                then greatest(
                    ceil(cast(groups_by_type.neighbour_values as double) / neighbour_rules.max_values_per_person),
                    groups_by_type.neighbour_people
                    - case
                        when rules.max_values_per_person = 1 then neighbour_rules.max_values_per_person - 1
                        else 0
                    end
                )
            else 1
        end as people
    from groups_by_type
    inner join rules
        on groups_by_type.identifier_type = rules.identifier_type
    inner join rules as neighbour_rules
        on groups_by_type.neighbour_type = neighbour_rules.identifier_type

),

counted_hubs as (

    select
        node,
        max(people) as people,
        'hub' as reason
    from people_by_type
    group by node
    having max(people) > min(max_people_per_value)

),

-- A number that the support system reports as shared identifies nobody in other sources either.
stated_hubs as (

    select distinct
        identifiers.node,
        cast(null as double) as people,
        'shared phone number' as reason
    from identifiers
    inner join support_users
        on identifiers.record_key = {{ record_key("'support'", "'users'", "support_users.support_user_id") }}
    left join counted_hubs
        on identifiers.node = counted_hubs.node
    where
        identifiers.identifier_type = 'phone'
        and counted_hubs.node is null

),

all_hubs as (

    select * from counted_hubs
    union all
    select * from stated_hubs

),

nodes as (

    select distinct
        node,
        identifier_type,
        identifier_value
    from identifiers

),

hubs as (

    select
        nodes.node,
        nodes.identifier_type,
        nodes.identifier_value,
        cast(all_hubs.people as {{ dbt.type_bigint() }}) as people,
        rules.max_people_per_value,
        all_hubs.reason
    from all_hubs
    inner join nodes
        on all_hubs.node = nodes.node
    inner join rules
        on nodes.identifier_type = rules.identifier_type

)

select * from hubs
