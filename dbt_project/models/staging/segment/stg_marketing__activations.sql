-- One row per message that says that somebody was sent to an audience's destination, or taken from it.
with

messages as (

    select * from {{ source('raw', 'marketing_events') }}
    where lower(event) in ('audience member added', 'audience member removed')

),

parsed_messages as (

    select
        message_id,
        event,
        timestamp,
        {{ json_fields('context', {"channel": none}) }} as context,
        {{ json_fields('properties', {
            "audience": none, "member_key": none, "destination": none, "purpose": none, "consent_event_id": none,
        }) }} as properties
    from messages

),

activations as (

    select
        parsed_messages.message_id as record_id,
        {{ dbt.concat(["'marketing:'", 'parsed_messages.message_id']) }} as record_key,
        case
            when lower(parsed_messages.event) = 'audience member added' then 'added' else 'removed'
        end as activation_action,
        {{ to_utc('parsed_messages.timestamp') }} as sent_at,
        lower({{ clean_text('parsed_messages.context.channel') }}) as channel,
        {{ clean_text('parsed_messages.properties.audience') }} as audience,
        {{ clean_text('parsed_messages.properties.member_key') }} as member_key,
        {{ clean_text('parsed_messages.properties.destination') }} as destination,
        {{ clean_text('parsed_messages.properties.purpose') }} as purpose,
        {{ clean_text('parsed_messages.properties.consent_event_id') }} as consent_event_id
    from parsed_messages

)

select * from activations
where audience is not null
