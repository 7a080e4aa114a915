-- One row per comment on a ticket: what a customer, an agent or a bot wrote, in public or as a note.
with

ticket_events as (

    select * from {{ source('raw', 'support_ticket_events') }}

),

child_rows as (

    {{ json_array_rows(
        'ticket_events',
        'child_events',
        {
            'id': none, 'event_type': none, 'author_id': none, 'public': none, 'created_at': none, 'via': none,
            'body': none, 'plain_body': none,
        },
        ['id', 'ticket_id', 'updater_id', 'created_at', 'via', 'loaded_at']
    ) }}

),

told_comments as (

    select
        child_rows.id as ticket_event_id,
        child_rows.element_number,
        coalesce(
            {{ clean_text('child_rows.element.id') }},
            cast(child_rows.id as {{ dbt.type_string() }})
            || ':' || cast(child_rows.element_number as {{ dbt.type_string() }})
        ) as comment_id,
        cast(child_rows.ticket_id as {{ dbt.type_string() }}) as ticket_id,
        coalesce(
            {{ clean_text('child_rows.element.author_id') }},
            cast(child_rows.updater_id as {{ dbt.type_string() }})
        ) as author_id,
        coalesce(child_rows.element.public <> 'false', true) as is_public,
        {{ first_text(['child_rows.element.plain_body', 'child_rows.element.body']) }} as body,
        child_rows.element.via as comment_via,
        cast(child_rows.via as {{ dbt.type_string() }}) as audit_via,
        coalesce(
            {{ support_channel('child_rows.element.via') }},
            {{ support_channel('child_rows.via') }}
        ) as via_channel,
        coalesce(
            {{ text_to_utc('child_rows.element.created_at') }},
            {{ to_utc('child_rows.created_at') }}
        ) as commented_at,
        {{ to_utc('child_rows.loaded_at') }} as loaded_at
    from child_rows
    where child_rows.element.event_type = 'Comment'

),

-- Exports overlap, and tickets are merged: a comment that comes again, under whatever event, was written once.
ranked_comments as (

    select
        *,
        row_number() over (
            partition by comment_id order by commented_at, ticket_event_id, element_number
        ) as telling
    from told_comments

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
    where telling = 1

)

select * from comments
