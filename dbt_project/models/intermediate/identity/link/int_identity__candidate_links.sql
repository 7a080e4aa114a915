-- One row per link that may join two identifiers into one person. The most trusted links are a steward's decisions,
-- then pairs of identifiers on one record (stronger identifiers first), then probabilistic matches. Identifiers that
-- too many people share link nobody.
with

record_links as (

    select * from {{ ref('int_identity__record_links') }}

),

hubs as (

    select * from {{ ref('int_identity__hubs') }}

),

decisions as (

    select * from {{ ref('int_identity__decisions') }}

),

probabilistic_pairs as (

    select * from {{ ref('int_identity__probabilistic_pairs') }}
    where is_link

),

profiles as (

    select * from {{ ref('int_identity__source_profiles') }}

),

identifiers as (

    select distinct node
    from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

shown_links as (

    select
        record_links.left_node,
        record_links.right_node,
        record_links.left_type,
        record_links.left_value,
        record_links.right_type,
        record_links.right_value,
        record_links.link_rule,
        record_links.link_priority,
        cast(1 as double) as match_weight,
        record_links.source_system,
        record_links.first_record_key,
        record_links.first_seen_at,
        record_links.last_seen_at,
        record_links.records
    from record_links
    left join hubs as left_hubs
        on record_links.left_node = left_hubs.node
    left join hubs as right_hubs
        on record_links.right_node = right_hubs.node
    where
        left_hubs.node is null
        and right_hubs.node is null

),

decided_links as (

    select
        decisions.left_node,
        decisions.right_node,
        decisions.left_type,
        decisions.left_value,
        decisions.right_type,
        decisions.right_value,
        'steward decision' as link_rule,
        0 as link_priority,
        cast(1 as double) as match_weight,
        'steward' as source_system,
        {{ dbt.concat(["'steward:'", 'decisions.decided_by']) }} as first_record_key,
        decisions.decided_at as first_seen_at,
        decisions.decided_at as last_seen_at,
        1 as records
    from decisions
    inner join identifiers as lefts
        on decisions.left_node = lefts.node
    inner join identifiers as rights
        on decisions.right_node = rights.node
    where decisions.decision = 'same_person'

),

resembling_links as (

    select
        probabilistic_pairs.left_node,
        probabilistic_pairs.right_node,
        lefts.identifier_type as left_type,
        lefts.identifier_value as left_value,
        rights.identifier_type as right_type,
        rights.identifier_value as right_value,
        'probabilistic match' as link_rule,
        100 as link_priority,
        probabilistic_pairs.match_probability as match_weight,
        'profiles' as source_system,
        probabilistic_pairs.evidence as first_record_key,
        cast(null as {{ dbt.type_timestamp() }}) as first_seen_at,
        cast(null as {{ dbt.type_timestamp() }}) as last_seen_at,
        1 as records
    from probabilistic_pairs
    inner join profiles as lefts
        on probabilistic_pairs.left_node = lefts.node
    inner join profiles as rights
        on probabilistic_pairs.right_node = rights.node

),

all_links as (

    select * from shown_links
    union all
    select * from decided_links
    union all
    select * from resembling_links

),

candidate_links as (

    select
        {{ dbt.hash(dbt.concat(['left_node', "'|'", 'right_node', "'|'", 'link_rule'])) }} as link_id,
        *
    from all_links
    where left_node <> right_node

)

select * from candidate_links
