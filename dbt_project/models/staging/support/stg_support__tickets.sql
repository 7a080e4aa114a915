-- One row per ticket, with the cross-channel keys that its tags and custom fields carry as `order_id:o-1`.
with

raw_tickets as (

    select * from {{ source('raw', 'support_tickets') }}

),

tag_rows as (

    {{ json_array_rows('raw_tickets', 'tags', none, ['id']) }}

),

field_rows as (

    {{ json_array_rows('raw_tickets', 'custom_fields', {'value': none}, ['id']) }}

),

-- A help desk lower-cases tags but not custom fields: where both carry a key, the field is believed.
labels as (

    select
        field_rows.id,
        1 as source_rank,
        field_rows.element_number,
        field_rows.element.value as label
    from field_rows
    union all
    select
        tag_rows.id,
        2 as source_rank,
        tag_rows.element_number,
        tag_rows.element as label
    from tag_rows

),

keyed_labels as (

    select
        id,
        source_rank,
        element_number,
        lower({{ regexp_extract('label', "'^[ ]*([A-Za-z_]+)[ ]*:'") }}) as key_name,
        {{ clean_text(regexp_extract('label', "'^[^:]+:(.+)$'")) }} as key_value
    from labels

),

ranked_keys as (

    select
        id,
        key_name,
        key_value,
        row_number() over (partition by id, key_name order by source_rank, element_number) as key_rank
    from keyed_labels
    where key_name is not null and key_value is not null

),

ticket_keys as (

    select
        id,
        max(case when key_name = 'order_id' then key_value end) as order_id,
        max(case when key_name = 'cart_id' then key_value end) as cart_id,
        max(case when key_name = 'product_id' then key_value end) as product_id,
        max(case when key_name = 'application_id' then key_value end) as application_id,
        max(case when key_name = 'booking_id' then key_value end) as booking_id,
        max(case when key_name in ('location_id', 'store_id') then key_value end) as location_id,
        max(case when key_name in ('nps', 'nps_score') then key_value end) as nps,
        max(case when key_name in ('parent_ticket', 'parent_ticket_id') then key_value end) as parent_ticket_id
    from ranked_keys
    where key_rank = 1
    group by id

),

-- Plain tags are words, each with a # before it; those that carry a key are none.
tag_words as (

    select
        id,
        {{ string_list_agg("'#' || lower(element) || ' '", "lower(element)", "''") }} as tag_words
    from tag_rows
    where element not like '%:%'
    group by id

),

bot_tickets as (

    select distinct id
    from tag_rows
    where {{ regexp_matches('lower(element)', bot_tag_pattern()) }}

),

merged_tickets as (

    select distinct id
    from tag_rows
    where lower(element) = 'closed_by_merge'

),

parsed_tickets as (

    select
        *,
        {{ json_fields('via', {
            'channel': none,
            'source': {'rel': none, 'from': {'ticket_id': none}},
        }) }} as via_fields,
        {{ json_fields('satisfaction_rating', {'score': none}) }} as rating_fields,
        {{ json_fields('extras', {'problem_id': none, 'group_id': none}) }} as extra_fields
    from raw_tickets

),

tickets as (

    select
        cast(parsed_tickets.id as {{ dbt.type_string() }}) as ticket_id,
        cast(parsed_tickets.requester_id as {{ dbt.type_string() }}) as requester_id,
        cast(parsed_tickets.assignee_id as {{ dbt.type_string() }}) as assignee_id,
        {{ clean_text('parsed_tickets.subject') }} as subject,
        {{ clean_text('parsed_tickets.description') }} as description,
        lower({{ clean_text('parsed_tickets.status') }}) as status,
        lower({{ clean_text('parsed_tickets.priority') }}) as priority,
        {{ via_name('parsed_tickets.via_fields.channel') }} as via_channel,
        lower({{ clean_text('parsed_tickets.via_fields.source.rel') }}) as via_rel,
        {{ clean_text('parsed_tickets.external_id') }} as external_id,
        {{ given_rating('parsed_tickets.rating_fields.score') }} as satisfaction_score,
        bot_tickets.id is not null as is_bot_tagged,
        merged_tickets.id is not null as is_merge_tagged,
        ticket_keys.order_id,
        ticket_keys.cart_id,
        ticket_keys.product_id,
        ticket_keys.application_id,
        ticket_keys.booking_id,
        ticket_keys.location_id,
        tag_words.tag_words,
        {{ parse_number('ticket_keys.nps') }} as nps,
        coalesce(
            ticket_keys.parent_ticket_id,
            case
                when parsed_tickets.via_fields.source.rel = 'follow_up'
                    then parsed_tickets.via_fields.source['from'].ticket_id
            end
        ) as parent_ticket_id,
        {{ clean_text('parsed_tickets.extra_fields.problem_id') }} as problem_id,
        {{ clean_text('parsed_tickets.extra_fields.group_id') }} as group_id,
        {{ to_utc('parsed_tickets.created_at') }} as created_at,
        {{ to_utc('parsed_tickets.updated_at') }} as updated_at,
        {{ to_utc('parsed_tickets.loaded_at') }} as loaded_at
    from parsed_tickets
    left join ticket_keys
        on parsed_tickets.id = ticket_keys.id
    left join tag_words
        on parsed_tickets.id = tag_words.id
    left join bot_tickets
        on parsed_tickets.id = bot_tickets.id
    left join merged_tickets
        on parsed_tickets.id = merged_tickets.id

)

select * from tickets
