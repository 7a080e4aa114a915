-- One row per strong identifier, with the cluster of all identifiers of the same person. A component that can be one
-- person is a cluster; one that cannot is solved again from the links that were not dropped.
{{ config(materialized='connected_components') }}

with

candidate_clusters as (

    select * from {{ ref('int_identity__candidate_clusters') }}

),

broken_clusters as (

    select * from {{ ref('int_identity__broken_clusters') }}

),

links as (

    select * from {{ ref('int_identity__judged_links') }}
    where dropped_by is null

),

whole_nodes as (

    select
        candidate_clusters.node,
        candidate_clusters.component
    from candidate_clusters
    left join broken_clusters
        on candidate_clusters.component = broken_clusters.component
    where broken_clusters.component is null

),

broken_nodes as (

    select candidate_clusters.node
    from candidate_clusters
    inner join broken_clusters
        on candidate_clusters.component = broken_clusters.component

),

linked_nodes as (

    select
        node as left_node,
        component as right_node
    from whole_nodes
    union all
    select
        links.left_node,
        links.right_node
    from links
    inner join broken_nodes
        on links.left_node = broken_nodes.node
    union all
    select
        node as left_node,
        node as right_node
    from broken_nodes

)

select * from linked_nodes
