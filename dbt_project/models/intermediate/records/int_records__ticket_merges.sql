-- One row per ticket that was merged into another, after the notes that the merge left on both tickets.
-- The note on the merged ticket names the other one ("merged into request #7"); the note on the other one lists the
-- merged ones.
with

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

comments as (

    select * from {{ ref('stg_support__comments') }}

),

-- Zendesk writes the note in the language of the account: on a ticket with the tag `closed_by_merge` any language
-- counts.
notes as (

    select
        comments.ticket_id,
        comments.comment_id,
        comments.commented_at,
        comments.is_merge_note,
        comments.merged_ticket_ids,
        {{ regexp_extract('comments.body', "'#[ ]*([0-9]+)'") }} as named_ticket_id,
        (
            comments.merged_ticket_ids is not null
            or {{ regexp_matches('lower(comments.body)', "'into this (request|ticket)'") }}
        ) as is_of_target
    from comments
    inner join tickets
        on comments.ticket_id = tickets.ticket_id
    where
        comments.is_merge_note
        or tickets.is_merge_tagged

),

listed_tickets as (

    {{ json_array_rows('notes', 'merged_ticket_ids', none, ['ticket_id', 'comment_id', 'commented_at']) }}

),

merged_tickets as (

    select
        ticket_id,
        named_ticket_id as merged_into_ticket_id,
        comment_id,
        commented_at,
        case when is_merge_note then 1 else 3 end as evidence_rank
    from notes
    where
        named_ticket_id is not null
        and not coalesce(is_of_target, false)
    union all
    select
        listed_tickets.element as ticket_id,
        ticket_id as merged_into_ticket_id,
        comment_id,
        commented_at,
        2 as evidence_rank
    from listed_tickets
    union all
    select
        named_ticket_id as ticket_id,
        ticket_id as merged_into_ticket_id,
        comment_id,
        commented_at,
        2 as evidence_rank
    from notes
    where
        named_ticket_id is not null
        and is_of_target
        and is_merge_note

),

ranked_merges as (

    select
        merged_tickets.ticket_id,
        merged_tickets.merged_into_ticket_id,
        merged_tickets.comment_id,
        merged_tickets.commented_at as merged_at,
        row_number() over (
            partition by merged_tickets.ticket_id
            order by merged_tickets.evidence_rank asc, merged_tickets.commented_at desc, merged_tickets.comment_id desc
        ) as merge_rank
    from merged_tickets
    inner join tickets
        on merged_tickets.merged_into_ticket_id = tickets.ticket_id
    where merged_tickets.ticket_id <> merged_tickets.merged_into_ticket_id

),

ticket_merges as (

    select
        ticket_id,
        merged_into_ticket_id,
        comment_id,
        merged_at
    from ranked_merges
    where merge_rank = 1

)

select * from ticket_merges
