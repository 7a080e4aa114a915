-- One row per candidate link, with the rule that dropped it. Only links without such a rule hold.
with

candidate_links as (

    select * from {{ ref('int_identity__candidate_links') }}

),

replayed_links as (

    select * from {{ ref('int_identity__replayed_links') }}

),

judged_links as (

    select
        candidate_links.*,
        replayed_links.dropped_by
    from candidate_links
    left join replayed_links
        on candidate_links.link_id = replayed_links.link_id

)

select * from judged_links
