-- One row per user of the help desk: customers who ask, agents and bots who answer.
with

raw_users as (

    select * from {{ source('raw', 'support_users') }}

),

tag_rows as (

    {{ json_array_rows('raw_users', 'tags', none, ['id']) }}

),

bot_users as (

    select distinct id
    from tag_rows
    where {{ regexp_matches('lower(element)', bot_tag_pattern()) }}

),

named_users as (

    select
        *,
        coalesce(lower(role) in ('agent', 'admin'), false) as is_agent
    from raw_users

),

users as (

    select
        cast(named_users.id as {{ dbt.type_string() }}) as support_user_id,
        lower({{ clean_text('named_users.role') }}) as role,
        {{ clean_text('named_users.name') }} as full_name,
        {{ clean_text('named_users.email') }} as email,
        {{ clean_text('named_users.phone') }} as phone,
        coalesce(named_users.shared_phone_number, false) as is_phone_shared,
        {{ clean_text('named_users.external_id') }} as external_id,
        named_users.is_agent,
        named_users.is_agent
        and (
            bot_users.id is not null
            or coalesce({{ regexp_matches('named_users.name', bot_name_pattern()) }}, false)
        ) as is_bot,
        {{ to_utc('named_users.created_at') }} as created_at,
        {{ to_utc('named_users.updated_at') }} as updated_at,
        {{ to_utc('named_users.loaded_at') }} as loaded_at
    from named_users
    left join bot_users
        on named_users.id = bot_users.id

)

select * from users
