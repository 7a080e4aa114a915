-- One row per pair of source profiles that may be one person and that nobody has decided on yet:
-- what a steward looks at.
with

pairs as (

    select * from {{ ref('int_identity__probabilistic_pairs') }}
    where not is_link

),

profiles as (

    select * from {{ ref('int_identity__source_profiles') }}

),

people as {{ not_materialized() }} (

    select * from {{ ref('int_identity__people') }}

),

decisions as (

    select * from {{ ref('int_identity__decisions') }}

),

-- A decision on any identifiers of two people is a decision on the two.
decided_people as (

    select distinct
        lefts.customer_id as left_customer_id,
        rights.customer_id as right_customer_id
    from decisions
    inner join people as lefts
        on decisions.left_node = lefts.node
    inner join people as rights
        on decisions.right_node = rights.node

),

decided_either_way as (

    select
        left_customer_id,
        right_customer_id
    from decided_people
    union
    select
        right_customer_id as left_customer_id,
        left_customer_id as right_customer_id
    from decided_people

),

open_pairs as (

    select
        pairs.*,
        left_people.customer_id as left_customer_id,
        right_people.customer_id as right_customer_id
    from pairs
    inner join people as left_people
        on pairs.left_node = left_people.node
    inner join people as right_people
        on pairs.right_node = right_people.node
    left join decided_either_way
        on
            left_people.customer_id = decided_either_way.left_customer_id
            and right_people.customer_id = decided_either_way.right_customer_id
    where
        left_people.customer_id <> right_people.customer_id
        and decided_either_way.left_customer_id is null

),

identity_review as (

    select
        {{ dbt.hash(dbt.concat(['open_pairs.left_node', "'|'", 'open_pairs.right_node'])) }} as review_id,
        open_pairs.match_probability,
        open_pairs.match_weight,
        open_pairs.evidence,
        {%- for side in ['left', 'right'] %}
        open_pairs.{{ side }}_customer_id,
        {{ side }}s.source as {{ side }}_source,
        {{ side }}s.identifier_type as {{ side }}_type,
        {{ side }}s.identifier_value as {{ side }}_value,
        {{ side }}s.first_name as {{ side }}_first_name,
        {{ side }}s.last_name as {{ side }}_last_name,
        {{ side }}s.birth_date as {{ side }}_birth_date,
        {{ side }}s.email as {{ side }}_email,
        {{ side }}s.phone as {{ side }}_phone,
        {{ side }}s.street as {{ side }}_street,
        {{ side }}s.city as {{ side }}_city,
        {{ side }}s.postcode as {{ side }}_postcode,
        {{ side }}s.first_seen_at as {{ side }}_first_seen_at,
        {%- endfor %}
        coalesce(open_pairs.held_because, 'not alike enough to link by itself') as held_because
    from open_pairs
    inner join profiles as lefts
        on open_pairs.left_node = lefts.node
    inner join profiles as rights
        on open_pairs.right_node = rights.node

)

select * from identity_review
