-- One row per strong identifier, with its component in the graph without the suspected hubs. Identifiers of one
-- component are connected without any hub.
{{ config(materialized='connected_components') }}

with

record_links as (

    select * from {{ ref('int_identity__record_links') }}

),

hub_suspects as (

    select * from {{ ref('int_identity__hub_suspects') }}

),

links_without_suspects as (

    select
        record_links.left_node,
        record_links.right_node
    from record_links
    left join hub_suspects as left_suspects
        on record_links.left_node = left_suspects.node
    left join hub_suspects as right_suspects
        on record_links.right_node = right_suspects.node
    where
        left_suspects.node is null
        and right_suspects.node is null

),

identifiers as (

    select distinct node
    from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

linked_nodes as (

    select
        left_node,
        right_node
    from links_without_suspects
    union all
    select
        node as left_node,
        node as right_node
    from identifiers

)

select * from linked_nodes
