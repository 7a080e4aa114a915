-- One row per link that was seen but not allowed to make one person of two, with the rule that dropped it.
with

dropped_links as (

    select * from {{ ref('int_identity__judged_links') }}
    where dropped_by is not null

),

people as (

    select * from {{ ref('int_identity__people') }}

)

select
    dropped_links.link_id,
    lefts.customer_id as left_customer_id,
    rights.customer_id as right_customer_id,
    dropped_links.left_type,
    dropped_links.left_value,
    dropped_links.right_type,
    dropped_links.right_value,
    dropped_links.link_rule,
    dropped_links.dropped_by,
    dropped_links.source_system,
    dropped_links.first_record_key,
    dropped_links.first_seen_at,
    dropped_links.last_seen_at,
    cast(dropped_links.records as {{ dbt.type_bigint() }}) as records
from dropped_links
left join people as lefts
    on dropped_links.left_node = lefts.node
left join people as rights
    on dropped_links.right_node = rights.node
