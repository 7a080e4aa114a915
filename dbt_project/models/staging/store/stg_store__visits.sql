-- One row per visit of a customer to a place: a visit, an appointment, a check-in, an ATM or a teller.
with

raw_visits as (

    select * from {{ source('raw', 'store_visits') }}

),

visits as (

    select
        {{ clean_text('visit_id') }} as visit_id,
        {{ clean_text('location_id') }} as location_id,
        {{ clean_text('member_id') }} as member_id,
        {{ clean_text('email') }} as email,
        {{ clean_text('phone') }} as phone,
        {{ clean_text('device_id') }} as device_id,
        lower({{ clean_text('kind') }}) as kind,
        lower({{ clean_text('context_key') }}) as context_key,
        {{ clean_text('context_id') }} as context_id,
        {{ clean_text('event') }} as event,
        {{ clean_text('employee_id') }} as employee_id,
        {{ clean_text('notes') }} as notes,
        {{ to_utc('occurred_at') }} as occurred_at,
        {{ to_utc('updated_at') }} as updated_at,
        {{ to_utc('loaded_at') }} as loaded_at
    from raw_visits

)

select * from visits
