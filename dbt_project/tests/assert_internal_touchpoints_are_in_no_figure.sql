-- A failing row is a touchpoint of the company's own people or of a test card that is in a session or journey or is a
-- conversion, or a customer of theirs with figures, although `include_internal` is not set.
{% if var('include_internal') %}
select touchpoint_id from {{ ref('fct_touchpoints') }}
where false
{% else %}
with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where is_internal

),

customers as (

    select * from {{ ref('dim_customers') }}
    where is_internal

)

select touchpoint_id
from touchpoints
where
    session_id is not null
    or journey_id is not null
    or is_conversion
union all
select customer_id as touchpoint_id
from customers
where
    touchpoints > 0
    or orders > 0
    or bookings > 0
    or journeys > 0
    or gross_revenue <> 0
    or support_cases > 0
    or lifecycle_stage <> 'internal'
{% endif %}
