{#-
    The business day of an instant at a place: the calendar date, or the day before if the place closes after midnight and it is
    not yet that late. `day_ends_at` is text such as 02:00, or null.
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
