-- One row per support case and instant at which it is measured, with the business minutes since Monday 2001-01-01, by
-- the opening hours, holidays and time zone of the case. The difference between two instants is the business time
-- between them, without nights and holidays.
with

case_milestones as (

    select * from {{ ref('int_service__case_milestones') }}

),

waiting_times as (

    select * from {{ ref('int_service__waiting_times') }}

),

case_calendars as (

    select * from {{ ref('int_service__case_calendars') }}

),

business_days as (

    select * from {{ ref('int_service__business_days') }}

),

opening_hours as (

    select * from {{ ref('int_service__opening_hours') }}

),

instants as (

    {%- for instant in ['opened_at', 'first_reply_at', 'first_human_reply_at', 'resolved_at'] %}
    select
        case_id,
        {{ instant }} as instant_at
    from case_milestones
    where {{ instant }} is not null
    union
    {%- endfor %}
    select
        case_id,
        from_at as instant_at
    from waiting_times
    union
    select
        case_id,
        until_at as instant_at
    from waiting_times

),

{{ business_clock() }}

select * from business_clock
