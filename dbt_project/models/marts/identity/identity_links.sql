-- One row per link: two identifiers that belong to one person, by which rule, and the first record that shows
-- it.
with

links as (

    select * from {{ ref('int_identity__judged_links') }}
    where dropped_by is null

),

people as (

    select * from {{ ref('int_identity__people') }}

)

select
    links.link_id,
    people.customer_id,
    links.left_type,
    links.left_value,
    links.right_type,
    links.right_value,
    links.link_rule,
    links.match_weight,
    links.source_system,
    links.first_record_key,
    links.first_seen_at,
    links.last_seen_at,
    cast(links.records as {{ dbt.type_bigint() }}) as records
from links
inner join people
    on links.left_node = people.node
