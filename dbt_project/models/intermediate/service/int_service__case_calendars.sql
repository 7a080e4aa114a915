-- One row per support case, with its location, opening hours and time zone. The location is that of a ticket, else that
-- of the order that a ticket references. Without a location, the calendar `default` and its time zone apply. A
-- location's own calendar has the location's id as its name.
with

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

tickets as (

    select * from {{ ref('stg_support__tickets') }}

),

orders as (

    select * from {{ ref('int_commerce__orders') }}

),

locations as (

    select * from {{ ref('stg_store__locations') }}

),

business_hours as (

    select * from {{ ref('business_hours') }}

),

business_holidays as (

    select * from {{ ref('business_holidays') }}

),

calendars as (

    select
        calendar,
        min(timezone) as timezone
    from business_hours
    group by calendar

),

holiday_countries as (

    select distinct country
    from business_holidays
    where country is not null

),

ticket_locations as (

    select
        case_tickets.case_id,
        locations.location_id,
        locations.timezone,
        locations.country,
        row_number() over (
            partition by case_tickets.case_id
            order by
                case when locations.location_id is null then 1 else 0 end,
                case_tickets.ticket_number
        ) as location_rank
    from case_tickets
    inner join tickets
        on case_tickets.ticket_id = tickets.ticket_id
    left join orders
        on tickets.order_id = orders.order_id
    left join locations
        on coalesce(tickets.location_id, orders.location_id) = locations.location_id

),

case_calendars as (

    select
        ticket_locations.case_id,
        ticket_locations.location_id,
        coalesce(own_calendars.calendar, 'default') as calendar,
        coalesce(ticket_locations.timezone, own_calendars.timezone, default_calendar.timezone, 'UTC') as timezone,
        coalesce(holiday_countries.country, '') as holiday_country
    from ticket_locations
    left join calendars as own_calendars
        on ticket_locations.location_id = own_calendars.calendar
    left join calendars as default_calendar
        on default_calendar.calendar = 'default'
    left join holiday_countries
        on ticket_locations.country = holiday_countries.country
    where ticket_locations.location_rank = 1

)

select * from case_calendars
