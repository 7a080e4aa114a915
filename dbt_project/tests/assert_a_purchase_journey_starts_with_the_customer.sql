-- A failing row is a purchase journey in which the customer never acted or whose first message is older than
-- `journey_outreach_days` when the customer first acts, or an outreach journey in which the customer did act.
with

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}
    where journey_kind <> 'service'

),

journeys as (

    select
        journey_id,
        journey_kind,
        min(occurred_at) as started_at,
        min(case when direction = 'inbound' or is_conversion then occurred_at end) as first_acted_at
    from journey_touchpoints
    group by journey_id, journey_kind

)

select *
from journeys
where
    (journey_kind = 'outreach' and first_acted_at is not null)
    or (
        journey_kind = 'purchase'
        and (
            first_acted_at is null
            or {{ seconds_between('started_at', 'first_acted_at') }} > {{ var('journey_outreach_days') * 86400 }}
        )
    )
