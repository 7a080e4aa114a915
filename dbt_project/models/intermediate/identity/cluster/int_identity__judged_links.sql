-- One row per link that holds: two identifiers of one person, by which rule, and the first record that shows
-- it.
with

candidate_links as (

    select * from {{ ref('int_identity__candidate_links') }}

),

dropped_links as (

    select * from {{ ref('int_identity__dropped_links') }}

),

links as (

    select candidate_links.*
    from candidate_links
    left join dropped_links
        on candidate_links.link_id = dropped_links.link_id
    where dropped_links.link_id is null

)

select * from links
