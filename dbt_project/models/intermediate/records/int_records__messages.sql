-- One row per message on a support ticket: its opening, each comment, and the rating.
with

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

comments as (

    select * from {{ ref('stg_support__comments') }}

),

ratings as (

    select * from {{ ref('stg_support__satisfaction_ratings') }}

),

users as (

    select * from {{ ref('stg_support__users') }}

),

ticket_channels as (

    select * from {{ ref('int_records__ticket_channels') }}

),

merge_notes as (

    select distinct comment_id from {{ ref('int_records__ticket_merges') }}

),

openings as (

    select
        {{ record_key("'support'", "'tickets'", "tickets.ticket_id") }} as record_key,
        'tickets' as record_type,
        tickets.ticket_id as record_id,
        tickets.ticket_id,
        tickets.requester_id,
        case
            when ticket_channels.is_deleted then 'ticket_deleted'
            when not ticket_channels.is_customer_contact then 'ticket_internal'
            when ticket_channels.opened_by = 'agent' then 'ticket_by_agent'
            else 'ticket'
        end as message_kind,
        ticket_channels.channel,
        tickets.created_at as occurred_at,
        tickets.updated_at as received_at,
        tickets.loaded_at,
        tickets.description as message_text,
        tickets.subject
    from tickets
    inner join ticket_channels
        on tickets.ticket_id = ticket_channels.ticket_id

),

-- The API repeats a ticket's description as its first comment, which is left out.
later_comments as (

    select comments.*
    from comments
    left join tickets
        on
            comments.ticket_id = tickets.ticket_id
            and comments.author_id = tickets.requester_id
            and comments.commented_at = tickets.created_at
    where tickets.ticket_id is null

),

replies as (

    select
        {{ record_key("'support'", "'comments'", "later_comments.comment_id") }} as record_key,
        'comments' as record_type,
        later_comments.comment_id as record_id,
        tickets.ticket_id,
        tickets.requester_id,
        case
            when ticket_channels.is_deleted then 'comment_deleted'
            when
                not ticket_channels.is_customer_contact
                or not later_comments.is_public
                or later_comments.is_merge_note
                or merge_notes.comment_id is not null
                then 'comment_internal'
            when users.is_bot then 'comment_bot'
            when users.is_agent then 'comment_agent'
            else 'comment_customer'
        end as message_kind,
        case
            when users.is_bot then 'support_bot'
            when users.is_agent then ticket_channels.human_channel
            when later_comments.commented_at >= ticket_channels.first_human_answer_at then ticket_channels.human_channel
            else ticket_channels.channel
        end as channel,
        later_comments.commented_at as occurred_at,
        later_comments.commented_at as received_at,
        tickets.loaded_at,
        later_comments.body as message_text,
        tickets.subject
    from later_comments
    inner join tickets
        on later_comments.ticket_id = tickets.ticket_id
    inner join ticket_channels
        on later_comments.ticket_id = ticket_channels.ticket_id
    left join users
        on later_comments.author_id = users.support_user_id
    left join merge_notes
        on later_comments.comment_id = merge_notes.comment_id

),

ratings_given as (

    select
        {{ record_key("'support'", "'satisfaction_ratings'", "ratings.rating_id") }} as record_key,
        'satisfaction_ratings' as record_type,
        ratings.rating_id as record_id,
        tickets.ticket_id,
        tickets.requester_id,
        case
            when ticket_channels.is_deleted then 'comment_deleted'
            when not ticket_channels.is_customer_contact then 'comment_internal'
            else 'satisfaction_rating'
        end as message_kind,
        ticket_channels.channel,
        ratings.rated_at as occurred_at,
        ratings.rated_at as received_at,
        tickets.loaded_at,
        ratings.comment as message_text,
        tickets.subject
    from ratings
    inner join tickets
        on ratings.ticket_id = tickets.ticket_id
    inner join ticket_channels
        on ratings.ticket_id = ticket_channels.ticket_id
    where ratings.score in ('good', 'bad')

),

messages as (

    select * from openings
    union all
    select * from replies
    union all
    select * from ratings_given

)

select * from messages
