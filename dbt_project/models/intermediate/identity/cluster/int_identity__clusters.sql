-- One row per strong identifier: the cluster of identifiers that are one person.
with

candidate_clusters as (

    select * from {{ ref('int_identity__candidate_clusters') }}

),

replayed_clusters as (

    select * from {{ ref('int_identity__replayed_clusters') }}

),

clusters as (

    select
        candidate_clusters.node,
        coalesce(replayed_clusters.component, candidate_clusters.component) as component
    from candidate_clusters
    left join replayed_clusters
        on candidate_clusters.node = replayed_clusters.node

)

select * from clusters
