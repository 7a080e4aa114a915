-- One row per calendar day.
with

days as (

    {{ dbt.date_spine('day', "cast('1970-01-01' as date)", "cast('2051-01-01' as date)") }}

),

dates as (

    select
        cast(date_day as date) as date_day,
        cast(extract(year from date_day) as {{ dbt.type_int() }}) as calendar_year,
        cast(extract(quarter from date_day) as {{ dbt.type_int() }}) as calendar_quarter,
        cast(extract(month from date_day) as {{ dbt.type_int() }}) as calendar_month,
        cast(extract(day from date_day) as {{ dbt.type_int() }}) as day_of_month,
        cast({{ iso_weekday('date_day') }} as {{ dbt.type_int() }}) as iso_weekday,
        cast({{ dbt.date_trunc('week', 'date_day') }} as date) as week_start_date,
        cast({{ dbt.date_trunc('month', 'date_day') }} as date) as month_start_date,
        {{ iso_weekday('date_day') }} >= 6 as is_weekend
    from days

)

select * from dates
