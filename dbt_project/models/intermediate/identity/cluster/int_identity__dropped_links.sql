-- One row per link that was not allowed to join two people: the rule that dropped it.
with

candidate_links as (

    select * from {{ ref('int_identity__candidate_links') }}

),

replayed_links as (

    select * from {{ ref('int_identity__replayed_links') }}

),

dropped_links as (

    select
        candidate_links.*,
        replayed_links.dropped_by
    from candidate_links
    inner join replayed_links
        on candidate_links.link_id = replayed_links.link_id
    where not replayed_links.is_kept

)

select * from dropped_links
