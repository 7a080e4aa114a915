-- A row is a support case whose business minutes are negative or more than its calendar minutes, by more than
-- the thousandth of a minute that differences of fractions may be off.
with

response_times as (

    select * from {{ ref('int_service__response_times') }}

)

select *
from response_times
where
    first_reply_business_minutes not between -0.001 and first_reply_minutes + 0.001
    or resolution_business_minutes not between -0.001 and resolution_minutes + 0.001
