-- A row is a week, entry channel and stage at which journeys neither went on, converted, dropped off nor are open.
with

funnel as (

    select * from {{ ref('mart_journey_funnel') }}

)

select *
from funnel
where
    journeys_reached
    <> journeys_continued + journeys_ended_converted + journeys_dropped_off + journeys_still_open
