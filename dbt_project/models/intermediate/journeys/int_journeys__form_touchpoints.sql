-- One row per touchpoint that references a booking or an application, with what it reports and whether the customer
-- resumed the form there. A customer resumes an unfinished form on another channel or device, after a pause longer than
-- the session timeout, or if the source reports it.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        not is_arrival
        and {{ is_counted() }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}

),

conversion_kinds as (

    select * from {{ ref('conversions') }}
    where conversion_kind in ('booking', 'application')

),

events as (

    select
        event_key,
        step
    from {{ ref('int_records__events') }}
    where step is not null

),

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

carried_forms as (

    select
        conversion_kinds.conversion_kind as form_kind,
        touchpoint_keys.key_value as form_id,
        touchpoint_keys.touchpoint_id
    from touchpoint_keys
    inner join conversion_kinds
        on touchpoint_keys.key_type = conversion_kinds.key_type
    union distinct
    select
        conversion_kind as form_kind,
        conversion_id as form_id,
        touchpoint_id
    from touchpoints
    where
        is_conversion
        and conversion_kind in ('booking', 'application')

),

described_touchpoints as (

    select
        carried_forms.form_kind,
        carried_forms.form_id,
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        journey_touchpoints.journey_id,
        touchpoints.occurred_at,
        touchpoints.timezone,
        touchpoints.channel,
        touchpoints.session_id,
        touchpoints.direction,
        touchpoints.touchpoint_type,
        touchpoints.touchpoint_name,
        touchpoints.location_id,
        touchpoints.banner,
        touchpoints.product_id,
        touchpoints.currency,
        touchpoints.amount,
        coalesce(touchpoints.device_key, touchpoints.channel) as device,
        coalesce(touchpoints.is_conversion and touchpoints.conversion_kind = carried_forms.form_kind, false)
            as is_conversion,
        case
            when
                touchpoints.touchpoint_type in (
                    'booking_step_completed', 'application_step_viewed', 'application_step_completed'
                )
                then events.step
        end as step
    from carried_forms
    inner join touchpoints
        on carried_forms.touchpoint_id = touchpoints.touchpoint_id
    left join events
        on touchpoints.record_key = events.event_key
    left join journey_touchpoints
        on touchpoints.touchpoint_id = journey_touchpoints.touchpoint_id

),

finishes as (

    select
        *,
        min(case when is_conversion then occurred_at end) over (
            partition by form_kind, form_id
        ) as converted_at
    from described_touchpoints

),

ordered_touchpoints as (

    select
        *,
        direction = 'inbound' and occurred_at <= coalesce(converted_at, occurred_at) as is_filling,
        row_number() over (
            partition by form_kind, form_id
            order by occurred_at, case when is_conversion then 1 else 0 end, touchpoint_id
        ) as touchpoint_number
    from finishes

),

fillings as (

    select
        form_kind,
        form_id,
        touchpoint_id,
        lag(channel) over filling_order as previous_channel,
        lag(device) over filling_order as previous_device,
        lag(occurred_at) over filling_order as previous_at
    from ordered_touchpoints
    where is_filling
    window filling_order as (partition by form_kind, form_id order by touchpoint_number)

),

form_touchpoints as (

    select
        ordered_touchpoints.*,
        fillings.previous_channel,
        coalesce(
            fillings.previous_at is not null
            and (
                fillings.previous_channel <> ordered_touchpoints.channel
                or fillings.previous_device <> ordered_touchpoints.device
                or ordered_touchpoints.touchpoint_type = 'application_resumed'
                or {{ seconds_between('fillings.previous_at', 'ordered_touchpoints.occurred_at') }}
                > {{ var('session_timeout_minutes') * 60 }}
            ),
            false
        ) as is_resumption
    from ordered_touchpoints
    left join fillings
        on
            ordered_touchpoints.form_kind = fillings.form_kind
            and ordered_touchpoints.form_id = fillings.form_id
            and ordered_touchpoints.touchpoint_id = fillings.touchpoint_id

)

select * from form_touchpoints
