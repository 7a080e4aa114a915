-- One row per calendar, country and day from 2001 to 2050: the business minutes that had passed when the day began.
with

days as (

    {{ dbt.date_spine('day', "cast('2001-01-01' as date)", "cast('2051-01-01' as date)") }}

),

business_hours as (

    select * from {{ ref('int_service__opening_hours') }}

),

business_holidays as (

    select * from {{ ref('business_holidays') }}

),

opening_minutes as (

    select
        calendar,
        iso_weekday,
        sum(closes_at_minute - opens_at_minute) as minutes_open
    from business_hours
    group by calendar, iso_weekday

),

calendars as (

    select distinct calendar from business_hours

),

countries as (

    select country from business_holidays
    where country is not null
    union
    select '' as country

),

calendar_days as (

    select
        calendars.calendar,
        countries.country as holiday_country,
        cast(days.date_day as date) as date_day,
        {{ iso_weekday('days.date_day') }} as iso_weekday
    from calendars
    cross join countries
    cross join days

),

holidays as (

    select distinct
        cast(holiday_date as date) as holiday_date,
        coalesce(country, '') as country
    from business_holidays

),

open_days as (

    select
        calendar_days.calendar,
        calendar_days.holiday_country,
        calendar_days.date_day,
        calendar_days.iso_weekday,
        own_holidays.holiday_date is null and common_holidays.holiday_date is null as is_open,
        case
            when own_holidays.holiday_date is null and common_holidays.holiday_date is null
                then coalesce(opening_minutes.minutes_open, 0)
            else 0
        end as minutes_open
    from calendar_days
    left join opening_minutes
        on
            calendar_days.calendar = opening_minutes.calendar
            and calendar_days.iso_weekday = opening_minutes.iso_weekday
    left join holidays as own_holidays
        on
            calendar_days.holiday_country = own_holidays.country
            and calendar_days.date_day = own_holidays.holiday_date
    left join holidays as common_holidays
        on
            common_holidays.country = ''
            and calendar_days.date_day = common_holidays.holiday_date

),

business_days as (

    select
        calendar,
        holiday_country,
        date_day,
        iso_weekday,
        is_open,
        cast(sum(minutes_open) over (
            partition by calendar, holiday_country order by date_day
            rows between unbounded preceding and current row
        ) - minutes_open as double) as minutes_before
    from open_days

)

select * from business_days
