-- One row per component that cannot be one person: it contains more values of a type than a person may have, two
-- identifiers that a steward keeps apart, or profiles with different birth dates or first names that a phone or an
-- alias joins. An account that an alias replaced does not count as a second account.
with

clusters as (

    select * from {{ ref('int_identity__candidate_clusters') }}

),

identifiers as (

    select distinct
        node,
        identifier_type
    from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

rules as (

    select * from {{ ref('identity_rules') }}

),

decisions as (

    select * from {{ ref('int_identity__decisions') }}
    where decision = 'do_not_link'

),

profiles as (

    select * from {{ ref('int_identity__source_profiles') }}

),

candidate_links as (

    select * from {{ ref('int_identity__candidate_links') }}

),

values_per_type as (

    select
        clusters.component,
        identifiers.identifier_type,
        count(*) as identifier_values
    from clusters
    inner join identifiers
        on clusters.node = identifiers.node
    group by clusters.component, identifiers.identifier_type

),

aliased_components as (

    select distinct clusters.component
    from candidate_links
    inner join clusters
        on candidate_links.left_node = clusters.node
    where
        candidate_links.link_rule = 'alias of an account'
        and candidate_links.right_type = 'user_id'

),

over_limit as (

    select distinct values_per_type.component
    from values_per_type
    inner join rules
        on values_per_type.identifier_type = rules.identifier_type
    left join aliased_components
        on values_per_type.component = aliased_components.component
    where
        values_per_type.identifier_values > rules.max_values_per_person
        -- Two accounts with an alias between them are one, as after a change of ids. Components with more accounts are
        -- replayed.
        and not (
            values_per_type.identifier_type = 'user_id'
            and values_per_type.identifier_values = 2
            and aliased_components.component is not null
        )

),

kept_apart as (

    select distinct lefts.component
    from decisions
    inner join clusters as lefts
        on decisions.left_node = lefts.node
    inner join clusters as rights
        on decisions.right_node = rights.node
    where lefts.component = rights.component

),

doubtful_components as (

    select distinct clusters.component
    from candidate_links
    inner join clusters
        on candidate_links.left_node = clusters.node
    where
        candidate_links.left_type = 'phone'
        or candidate_links.right_type = 'phone'
        or candidate_links.link_rule = 'alias of an account'

),

named_components as (

    select clusters.component
    from clusters
    inner join profiles
        on clusters.node = profiles.node
    group by clusters.component
    having count(distinct profiles.birth_date) > 1 or count(distinct lower(profiles.first_name)) > 1

),

households as (

    select doubtful_components.component
    from doubtful_components
    inner join named_components
        on doubtful_components.component = named_components.component

),

broken_clusters as (

    select component from over_limit
    union
    select component from kept_apart
    union
    select component from households

)

select * from broken_clusters
