-- One row per rating that a customer gave; an invitation to rate that nobody took up is left out.
with

raw_ratings as (

    select * from {{ source('raw', 'support_satisfaction_ratings') }}

),

ratings as (

    select
        cast(id as {{ dbt.type_string() }}) as rating_id,
        cast(ticket_id as {{ dbt.type_string() }}) as ticket_id,
        cast(requester_id as {{ dbt.type_string() }}) as requester_id,
        cast(assignee_id as {{ dbt.type_string() }}) as assignee_id,
        {{ given_rating('score') }} as score,
        {{ clean_text('comment') }} as comment,
        {{ to_utc('created_at') }} as rated_at,
        {{ to_utc('updated_at') }} as updated_at,
        {{ to_utc('loaded_at') }} as loaded_at
    from raw_ratings

),

given_ratings as (

    select * from ratings
    where score is not null

)

select * from given_ratings
