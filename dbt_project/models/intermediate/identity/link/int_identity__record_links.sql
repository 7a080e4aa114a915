-- One row per pair of strong identifiers that a record contains together, with the rule and the first such record.
-- Within a record every strong identifier is linked to the strongest one. An alias links an account to the one it
-- replaces; it is the least trusted link, because some libraries send an alias whenever a second person signs in.
with

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

account_aliases as (

    select * from {{ ref('int_identity__account_aliases') }}

),

ranked_identifiers as (

    select
        *,
        row_number() over (partition by record_key order by priority, identifier_value) as identifier_rank
    from identifiers

),

shown_links as (

    select
        surest.node as left_node,
        surest.identifier_type as left_type,
        surest.identifier_value as left_value,
        other_ids.node as right_node,
        other_ids.identifier_type as right_type,
        other_ids.identifier_value as right_value,
        {{ dbt.concat(['surest.identifier_type', "' with '", 'other_ids.identifier_type']) }} as link_rule,
        greatest(surest.priority, other_ids.priority) as link_priority,
        surest.source_system,
        surest.record_key,
        surest.occurred_at
    from ranked_identifiers as surest
    inner join ranked_identifiers as other_ids
        on
            surest.record_key = other_ids.record_key
            and other_ids.identifier_rank > 1
    where surest.identifier_rank = 1
    union all
    select
        left_node,
        left_type,
        left_value,
        right_node,
        right_type,
        right_value,
        'alias of an account' as link_rule,
        50 as link_priority,
        source_system,
        record_key,
        occurred_at
    from account_aliases

),

ordered_links as (

    select
        *,
        row_number() over (
            partition by left_node, right_node
            order by link_priority, occurred_at, record_key
        ) as evidence_number
    from shown_links

),

record_links as (

    select
        left_node,
        right_node,
        left_type,
        left_value,
        right_type,
        right_value,
        min(link_priority) as link_priority,
        max(case when evidence_number = 1 then link_rule end) as link_rule,
        max(case when evidence_number = 1 then source_system end) as source_system,
        max(case when evidence_number = 1 then record_key end) as first_record_key,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        count(*) as records
    from ordered_links
    group by left_node, right_node, left_type, left_value, right_type, right_value

)

select * from record_links
