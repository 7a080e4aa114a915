-- A failing row is a touchpoint of a customer that is in no journey, or in two.
-- Touchpoints of machines, of internal people and without a customer are in no journey.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and {{ is_counted() }}

),

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

)

select
    touchpoints.touchpoint_id,
    count(journey_touchpoints.journey_id) as journeys
from touchpoints
left join journey_touchpoints
    on touchpoints.touchpoint_id = journey_touchpoints.touchpoint_id
group by touchpoints.touchpoint_id
having count(journey_touchpoints.journey_id) <> 1
