-- One row per pair of source profiles that are one person by all likelihood, although no identifier says so.
with

pairs as (

    select * from {{ ref('int_identity__probabilistic_pairs') }}
    where is_link

),

profiles as (

    select * from {{ ref('int_identity__source_profiles') }}

),

probabilistic_links as (

    select
        pairs.left_node,
        lefts.identifier_type as left_type,
        lefts.identifier_value as left_value,
        pairs.right_node,
        rights.identifier_type as right_type,
        rights.identifier_value as right_value,
        'probabilistic match' as link_rule,
        pairs.match_probability,
        pairs.match_weight,
        pairs.evidence
    from pairs
    inner join profiles as lefts
        on pairs.left_node = lefts.node
    inner join profiles as rights
        on pairs.right_node = rights.node

)

select * from probabilistic_links
