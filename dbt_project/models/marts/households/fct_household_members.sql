-- One row per customer and stay in a household.
with

members as (

    select * from {{ ref('int_households__members') }}

)

select
    customer_id,
    household_id,
    valid_from,
    valid_to,
    is_current
from members
