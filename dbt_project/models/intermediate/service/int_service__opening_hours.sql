-- One row per calendar, weekday and opening: when it begins and ends, in minutes since midnight.
with

business_hours as (

    select * from {{ ref('business_hours') }}

),

opening_hours as (

    select
        calendar,
        iso_weekday,
        60 * cast({{ regexp_extract('opens_at', "'^([0-9]+):'") }} as {{ dbt.type_int() }})
        + cast({{ regexp_extract('opens_at', "':([0-9]+)$'") }} as {{ dbt.type_int() }}) as opens_at_minute,
        60 * cast({{ regexp_extract('closes_at', "'^([0-9]+):'") }} as {{ dbt.type_int() }})
        + cast({{ regexp_extract('closes_at', "':([0-9]+)$'") }} as {{ dbt.type_int() }}) as closes_at_minute
    from business_hours

)

select * from opening_hours
