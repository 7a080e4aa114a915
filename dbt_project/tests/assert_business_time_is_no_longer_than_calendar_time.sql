-- A row is a support case whose business minutes are negative or more than its calendar minutes.
with

response_times as (

    select * from {{ ref('int_service__response_times') }}

)

select *
from response_times
where
    first_reply_business_minutes not between 0 and first_reply_minutes
    or resolution_business_minutes not between 0 and resolution_minutes
