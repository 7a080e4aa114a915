-- A failing row is a journey with two conversions, or a service journey with one: revenue would be counted
-- twice, and the way to the second purchase would be mixed with the way to the first.
with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where is_conversion

),

journeys as (

    select * from {{ ref('fct_journeys') }}

)

select
    journeys.journey_id,
    journeys.kind,
    count(*) as conversions
from journeys
inner join touchpoints
    on journeys.journey_id = touchpoints.journey_id
group by journeys.journey_id, journeys.kind
having
    count(*) > 1
    or journeys.kind <> 'purchase'
