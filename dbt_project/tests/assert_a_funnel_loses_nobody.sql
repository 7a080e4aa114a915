-- A row is a week, entry channel and stage at which journeys are neither gone on, converted, dropped off nor still open.
with

funnel as (

    select * from {{ ref('mart_journey_funnel') }}

)

select *
from funnel
where
    journeys_reached
    <> journeys_continued + journeys_ended_converted + journeys_dropped_off + journeys_still_open
