-- One row per pair of identifiers that a steward has decided on: the same person, or not. The last decision
-- on a pair holds.
with

decisions as (

    select * from {{ ref('identity_decisions') }}

),

identifier_values as (

    select * from {{ ref('int_identity__values') }}
    where phone_country = ''

),

normalised_decisions as (

    select
        decisions.left_type,
        decisions.right_type,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_at,
        decisions.reason,
        coalesce(lefts.identifier_value, decisions.left_value) as left_value,
        coalesce(rights.identifier_value, decisions.right_value) as right_value
    from decisions
    left join identifier_values as lefts
        on
            decisions.left_type = lefts.identifier_type
            and decisions.left_value = lefts.raw_value
    left join identifier_values as rights
        on
            decisions.right_type = rights.identifier_type
            and decisions.right_value = rights.raw_value

),

ordered_pairs as (

    select
        {{ dbt.concat(['left_type', "':'", 'left_value']) }} as left_node,
        {{ dbt.concat(['right_type', "':'", 'right_value']) }} as right_node,
        *
    from normalised_decisions

),

ranked_decisions as (

    select
        *,
        row_number() over (
            partition by least(left_node, right_node), greatest(left_node, right_node)
            order by decided_at desc, decision asc, decided_by asc, reason asc, left_node asc
        ) as recency_rank
    from ordered_pairs

),

last_decisions as (

    select
        left_node,
        right_node,
        left_type,
        left_value,
        right_type,
        right_value,
        decision,
        decided_by,
        decided_at,
        reason
    from ranked_decisions
    where recency_rank = 1

)

select * from last_decisions
