-- One row per member of the loyalty programme, as the point of sale knows them.
with

raw_members as (

    select * from {{ source('raw', 'store_members') }}

),

members as (

    select
        {{ clean_text('member_id') }} as member_id,
        {{ clean_text('loyalty_id') }} as loyalty_id,
        {{ clean_text('first_name') }} as first_name,
        {{ clean_text('last_name') }} as last_name,
        {{ clean_text('email') }} as email,
        {{ clean_text('phone') }} as phone,
        birth_date,
        {{ clean_text('postcode') }} as postcode,
        {{ clean_text('tier') }} as tier,
        {{ to_utc('enrolled_at') }} as enrolled_at,
        consent_email,
        consent_sms,
        {{ to_utc('updated_at') }} as updated_at,
        {{ to_utc('deleted_at') }} as deleted_at,
        deleted_at is not null as is_deleted,
        {{ to_utc('loaded_at') }} as loaded_at
    from raw_members

)

select * from members
