-- A row is a month of a cohort with more people retained than won, or a month 0 in which not everybody was there.
with

retention as (

    select * from {{ ref('mart_retention') }}

)

select *
from retention
where
    retained > customers
    or buyers > customers
    or (month_number = 0 and retained <> customers)
