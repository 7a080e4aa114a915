-- A failing row is a journey whose touchpoints are not numbered 1, 2, 3 … or whose own count of them is
-- wrong.
with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where journey_id is not null

),

journeys as (

    select * from {{ ref('fct_journeys') }}

),

counted_steps as (

    select
        journey_id,
        count(*) as touchpoints,
        count(distinct step_number) as steps,
        min(step_number) as first_step,
        max(step_number) as last_step
    from touchpoints
    group by journey_id

)

select
    journeys.touchpoints as touchpoints_told,
    counted_steps.touchpoints,
    counted_steps.steps,
    counted_steps.first_step,
    counted_steps.last_step,
    coalesce(journeys.journey_id, counted_steps.journey_id) as journey_id
from journeys
full outer join counted_steps
    on journeys.journey_id = counted_steps.journey_id
where
    journeys.journey_id is null
    or counted_steps.journey_id is null
    or journeys.touchpoints <> counted_steps.touchpoints
    or counted_steps.steps <> counted_steps.touchpoints
    or counted_steps.first_step <> 1
    or counted_steps.last_step <> counted_steps.touchpoints
