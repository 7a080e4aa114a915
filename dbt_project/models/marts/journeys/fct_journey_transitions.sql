-- One row per consecutive pair of owned inbound touchpoints in a journey.
with

transitions as (

    select * from {{ ref('int_journeys__transitions') }}

)

select
    to_touchpoint_id as transition_id,
    journey_id,
    customer_id,
    journey_kind,
    from_touchpoint_id,
    to_touchpoint_id,
    from_channel,
    to_channel,
    from_touchpoint_type,
    to_touchpoint_type,
    from_occurred_at,
    occurred_at,
    cast(gap_seconds as double) as gap_seconds,
    is_handoff,
    outcome,
    context_key
from transitions
