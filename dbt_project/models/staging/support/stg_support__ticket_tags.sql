-- One row per ticket and tag, in lower case.
with

raw_tickets as (

    select * from {{ source('raw', 'support_tickets') }}

),

tag_rows as (

    {{ json_array_rows('raw_tickets', 'tags', none, ['id']) }}

),

ticket_tags as (

    select distinct
        cast(id as {{ dbt.type_string() }}) as ticket_id,
        lower({{ clean_text('element') }}) as tag
    from tag_rows
    where {{ clean_text('element') }} is not null

)

select * from ticket_tags
