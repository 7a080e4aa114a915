-- One row per comment on a ticket: what a customer, an agent or a bot wrote, in public or as a note.
with

ticket_comments as (

    select * from {{ ref('stg_support__ticket_comments') }}

),

-- Exports overlap, and tickets are merged: a comment that comes again, under whatever event, was written once.
ranked_comments as (

    select
        *,
        row_number() over (
            partition by comment_id order by commented_at, ticket_event_id, element_number
        ) as text_rank
    from ticket_comments

),

comments as (

    select
        comment_id,
        ticket_id,
        author_id,
        is_public,
        body,
        {{ is_merge_note(['comment_via', 'audit_via'], 'body') }} as is_merge_note,
        coalesce(
            {{ merged_ticket_ids('comment_via') }},
            {{ merged_ticket_ids('audit_via') }}
        ) as merged_ticket_ids,
        via_channel,
        commented_at,
        loaded_at
    from ranked_comments
    where text_rank = 1

)

select * from comments
