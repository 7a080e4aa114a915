-- One row per instant that a support case is measured by: the business minutes that had passed by then since
-- a Monday long ago.
-- The difference between two instants is the business time between them, whatever nights and weekends lie in
-- between.
-- Opening hours are those of the seed's calendar `default`, on the wall clocks of its time zone.
with

case_milestones as (

    select * from {{ ref('int_service__case_milestones') }}

),

business_hours as (

    select
        iso_weekday,
        timezone,
        60 * cast({{ regexp_extract('opens_at', "'^([0-9]+):'") }} as {{ dbt.type_int() }})
        + cast({{ regexp_extract('opens_at', "':([0-9]+)$'") }} as {{ dbt.type_int() }}) as opens_at_minute,
        60 * cast({{ regexp_extract('closes_at', "'^([0-9]+):'") }} as {{ dbt.type_int() }})
        + cast({{ regexp_extract('closes_at', "':([0-9]+)$'") }} as {{ dbt.type_int() }}) as closes_at_minute
    from {{ ref('business_hours') }}
    where calendar = 'default'

),

instants as (

    select opened_at as instant_at from case_milestones
    where opened_at is not null
    union
    select first_reply_at as instant_at from case_milestones
    where first_reply_at is not null
    union
    select first_human_reply_at as instant_at from case_milestones
    where first_human_reply_at is not null
    union
    select resolved_at as instant_at from case_milestones
    where resolved_at is not null

),

local_instants as (

    select
        instants.instant_at,
        business_hours.iso_weekday,
        business_hours.opens_at_minute,
        business_hours.closes_at_minute,
        {{ local_timestamp('instants.instant_at', 'business_hours.timezone') }} as local_at
    from instants
    cross join business_hours

),

-- Whole openings of this weekday since Monday 2001-01-01, and the part of the present one that has passed.
openings as (

    select
        instant_at,
        closes_at_minute - opens_at_minute as opening_minutes,
        {{ dbt.datediff("cast('2001-01-01' as date)", 'local_at', 'day') }} as days_passed,
        iso_weekday - 1 as weekday_offset,
        least(
            greatest({{ minutes_of_day('local_at') }} - opens_at_minute, 0),
            closes_at_minute - opens_at_minute
        ) as minutes_into_opening
    from local_instants

),

passed_openings as (

    select
        instant_at,
        opening_minutes * floor((days_passed - weekday_offset + 6) / 7.0)
        + case when (days_passed - weekday_offset) % 7 = 0 then minutes_into_opening else 0 end as minutes_passed
    from openings

),

business_clock as (

    select
        instant_at,
        cast(sum(minutes_passed) as double) as business_minutes
    from passed_openings
    group by instant_at

)

select * from business_clock
