-- One row per strong identifier of a component that was taken apart: the part that it is in.
{{ config(materialized='connected_components') }}

with

candidate_clusters as (

    select * from {{ ref('int_identity__candidate_clusters') }}

),

broken_clusters as (

    select * from {{ ref('int_identity__broken_clusters') }}

),

links as (

    select * from {{ ref('int_identity__links') }}

),

broken_nodes as (

    select candidate_clusters.node
    from candidate_clusters
    inner join broken_clusters
        on candidate_clusters.component = broken_clusters.component

),

linked_nodes as (

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
