-- One row per open support case: the business minutes that have passed since it was opened, by the clock of the run.
with

case_milestones as (

    select * from {{ ref('int_service__case_milestones') }}
    where resolved_at is null

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

case_clock as (

    select * from {{ ref('int_service__business_clock') }}

),

instants as (

    select
        case_id,
        {{ run_at() }} as instant_at
    from case_milestones

),

{{ business_clock() }},

open_case_clock as (

    select
        case_milestones.case_id,
        business_clock.business_minutes - case_clock.business_minutes as business_minutes
    from case_milestones
    inner join business_clock
        on case_milestones.case_id = business_clock.case_id
    inner join case_clock
        on
            case_milestones.case_id = case_clock.case_id
            and case_milestones.opened_at = case_clock.instant_at

)

select * from open_case_clock
