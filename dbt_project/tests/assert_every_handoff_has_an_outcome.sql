-- A failing row is a change of channel that is not judged, a judgement where the channel did not change, or
-- a handoff said to be continued or restarted without naming what was carried.
with

transitions as (

    select * from {{ ref('fct_journey_transitions') }}

)

select
    transition_id,
    from_channel,
    to_channel,
    is_handoff,
    outcome,
    context_key
from transitions
where
    is_handoff <> (from_channel <> to_channel)
    or is_handoff <> (outcome is not null)
    or coalesce(outcome in ('continued', 'restarted'), false) <> (context_key is not null)
