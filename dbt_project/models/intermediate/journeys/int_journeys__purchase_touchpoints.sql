-- One row per touchpoint of a purchase or outreach journey that is not a follow-up, with the kind and the first
-- touchpoint of the journey. A purchase journey starts when the customer acts. It ends with a conversion, or when the
-- customer did nothing for the journey timeout. A message belongs to the journey that starts within
-- `journey_outreach_days` after it, else to the open journey. Messages without either form an outreach journey.
{%- set timeout_seconds = var('journey_timeout_days') * 86400 %}
{%- set outreach_seconds = var('journey_outreach_days') * 86400 %}

with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and {{ is_counted() }}

),

service_touchpoints as (

    select * from {{ ref('int_journeys__service_touchpoints') }}

),

follow_ups as (

    select * from {{ ref('int_journeys__follow_ups') }}

),

purchase_run as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.customer_position,
        touchpoints.occurred_at,
        touchpoints.is_conversion,
        touchpoints.direction = 'inbound' or touchpoints.is_conversion as is_act
    from touchpoints
    left join service_touchpoints
        on touchpoints.touchpoint_id = service_touchpoints.touchpoint_id
    left join follow_ups
        on touchpoints.touchpoint_id = follow_ups.touchpoint_id
    where
        service_touchpoints.touchpoint_id is null
        and follow_ups.touchpoint_id is null

),

acts_before as (

    select
        *,
        max(case when is_act then occurred_at end) over earlier as acted_before_at,
        max(case when is_act then customer_position end) over earlier as acted_before_position,
        max(case when is_conversion then customer_position end) over earlier as converted_before_position
    from purchase_run
    window earlier as (
        partition by customer_id
        order by customer_position
        rows between unbounded preceding and 1 preceding
    )

),

ends as (

    select
        *,
        acted_before_position is null
        or acted_before_position = coalesce(converted_before_position, -1)
        or {{ seconds_between('acted_before_at', 'occurred_at') }} > {{ timeout_seconds }} as is_after_the_end
    from acts_before

),

numbered_journeys as (

    select
        *,
        sum(case when is_act and is_after_the_end then 1 else 0 end) over (
            partition by customer_id
            order by customer_position
            rows between unbounded preceding and current row
        ) as journey_number
    from ends

),

acts_after as (

    select
        *,
        min(case when is_act then occurred_at end) over later as acts_next_at,
        min(case when is_act then journey_number end) over later as next_journey_number
    from numbered_journeys
    window later as (
        partition by customer_id
        order by customer_position
        rows between 1 following and unbounded following
    )

),

assigned_touchpoints as (

    select
        touchpoint_id,
        customer_id,
        customer_position,
        case
            when is_act or next_journey_number = journey_number then journey_number
            when {{ seconds_between('occurred_at', 'acts_next_at') }} <= {{ outreach_seconds }} then next_journey_number
            else journey_number
        end as journey_number,
        case
            when is_act or not is_after_the_end then 'purchase'
            when {{ seconds_between('occurred_at', 'acts_next_at') }} <= {{ outreach_seconds }} then 'purchase'
            else 'outreach'
        end as journey_kind
    from acts_after

),

purchase_touchpoints as (

    select
        touchpoint_id,
        customer_id,
        customer_position,
        journey_kind,
        first_value(touchpoint_id) over (
            partition by customer_id, journey_kind, journey_number
            order by customer_position
            rows between unbounded preceding and unbounded following
        ) as first_touchpoint_id
    from assigned_touchpoints

)

select * from purchase_touchpoints
