-- One row per strong identifier, with its component if all candidate links hold.
{{ config(materialized='connected_components') }}

with

candidate_links as (

    select * from {{ ref('int_identity__candidate_links') }}

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

hubs as (

    select * from {{ ref('int_identity__hubs') }}

),

linked_nodes as (

    select
        left_node,
        right_node
    from candidate_links
    union all
    select distinct
        identifiers.node as left_node,
        identifiers.node as right_node
    from identifiers
    left join hubs
        on identifiers.node = hubs.node
    where hubs.node is null

)

select * from linked_nodes
