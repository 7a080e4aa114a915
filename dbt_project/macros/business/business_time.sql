{#-
    Returns the business day of an instant at a location: the calendar date, or the day before until the location's closing time
    after midnight. `day_ends_at` is text such as 02:00, or null.
-#}
{% macro business_date(utc_timestamp, timezone, day_ends_at) -%}
    case
        when
            {{ day_ends_at }} is not null
            and {{ minutes_of_day(local_timestamp(utc_timestamp, timezone)) }}
            < 60 * cast({{ dbt.split_part(day_ends_at, "':'", 1) }} as {{ dbt.type_int() }})
            + cast({{ dbt.split_part(day_ends_at, "':'", 2) }} as {{ dbt.type_int() }})
            then cast({{ add_days(dbt.cast(local_date(utc_timestamp, timezone), "timestamp"), -1) }} as date)
        else {{ local_date(utc_timestamp, timezone) }}
    end
{%- endmacro %}

{#-
    Returns the CTE `business_clock` and the CTEs before it. It has for each row of the CTE `instants` (case_id, instant_at) the
    business minutes since Monday 2001-01-01, by the case's opening hours, holidays and time zone. The caller provides the CTEs
    `case_calendars`, `business_days` and `opening_hours`.
-#}
{% macro business_clock() -%}
local_instants as (

    select
        instants.case_id,
        instants.instant_at,
        case_calendars.calendar,
        case_calendars.holiday_country,
        {{ local_timestamp('instants.instant_at', 'case_calendars.timezone') }} as local_at
    from instants
    inner join case_calendars
        on instants.case_id = case_calendars.case_id

),

openings as (

    select
        local_instants.case_id,
        local_instants.instant_at,
        business_days.minutes_before,
        least(
            greatest({{ minutes_of_day('local_instants.local_at') }} - opening_hours.opens_at_minute, 0),
            opening_hours.closes_at_minute - opening_hours.opens_at_minute
        ) as minutes_into_opening
    from local_instants
    left join business_days
        on
            local_instants.calendar = business_days.calendar
            and local_instants.holiday_country = business_days.holiday_country
            and cast(local_instants.local_at as date) = business_days.date_day
    left join opening_hours
        on
            business_days.is_open
            and business_days.calendar = opening_hours.calendar
            and business_days.iso_weekday = opening_hours.iso_weekday

),

business_clock as (

    select
        case_id,
        instant_at,
        cast(coalesce(max(minutes_before), 0) + coalesce(sum(minutes_into_opening), 0) as double) as business_minutes
    from openings
    group by case_id, instant_at

)
{%- endmacro %}
