-- One row per comment that an event of a ticket brings; the same comment may come more than once, and on merged
-- tickets.
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

ticket_comments as (

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

)

select * from ticket_comments
