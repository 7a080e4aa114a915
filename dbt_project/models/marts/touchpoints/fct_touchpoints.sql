-- One row per touchpoint: one interaction between one customer and the brand on one channel at one instant.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}

),

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

ticket_status as (

    select * from {{ ref('int_service__ticket_status') }}

),

sentiment as (

    select * from {{ ref('int_touchpoints__sentiment') }}

),

rage_clicks as (

    select * from {{ ref('int_touchpoints__rage_clicks') }}

),

dead_clicks as (

    select * from {{ ref('int_touchpoints__dead_clicks') }}

),

nps_answers as (

    select * from {{ ref('int_service__nps_answers') }}

),

channels as (

    select * from {{ ref('channels') }}

),

functions as (

    select * from {{ ref('int_touchpoints__functions') }}

),

late_closing as (

    select * from {{ ref('late_closing') }}

),

touchpoint_objects as (

    select
        touchpoint_id,
        min(case when key_type = 'cart_id' then key_value end) as cart_id,
        min(case when key_type = 'order_id' then key_value end) as order_id,
        min(case when key_type = 'booking_id' then key_value end) as booking_id,
        min(case when key_type = 'application_id' then key_value end) as application_id,
        min(case when key_type = 'ticket_id' then key_value end) as ticket_id,
        min(case when key_type = 'coupon' then key_value end) as coupon,
        min(case when key_type = 'product_id' then key_value end) as product_id
    from touchpoint_keys
    group by touchpoint_id

),

troubled_tickets as (

    select
        {{ record_key("'support'", "'tickets'", 'case_tickets.ticket_id') }} as record_key,
        case_tickets.is_repeat,
        ticket_status.reopened > 0 as is_reopened,
        ticket_status.transfers > 0 as is_transferred
    from case_tickets
    inner join ticket_status
        on case_tickets.ticket_id = ticket_status.ticket_id

),

order_days as (

    select
        touchpoints.customer_id,
        touchpoints.conversion_id as order_id,
        min({{ local_date('touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')") }}) as ordered_on
    from touchpoints
    where
        touchpoints.is_conversion
        and touchpoints.conversion_kind = 'order'
    group by touchpoints.customer_id, touchpoints.conversion_id

),

described_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.is_identified,
        touchpoints.identity_tier,
        touchpoints.occurred_at,
        {{ local_timestamp('touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')") }} as local_occurred_at,
        {{ business_date(
            'touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')", 'late_closing.day_ends_at'
        ) }} as business_date,
        touchpoints.received_at,
        touchpoints.loaded_at,
        touchpoints.channel,
        channels.channel_group,
        {{ touchpoint_type_with_clicks() }} as touchpoint_type,
        case
            when rage_clicks.touchpoint_id is not null then 'Clicked again and again'
            when dead_clicks.touchpoint_id is not null then 'Clicked where nothing happens'
            else touchpoints.touchpoint_name
        end as touchpoint_name,
        touchpoints.stage,
        coalesce(functions.touchpoint_function, 'browse') as touchpoint_function,
        touchpoints.direction,
        touchpoints.session_id,
        journey_touchpoints.journey_id,
        journey_touchpoints.step_number,
        coalesce(touchpoints.product_id, touchpoint_objects.product_id) as product_id,
        touchpoints.location_id,
        touchpoints.banner,
        touchpoints.campaign_id,
        touchpoint_objects.cart_id,
        touchpoint_objects.order_id,
        touchpoint_objects.booking_id,
        touchpoint_objects.application_id,
        touchpoint_objects.ticket_id,
        touchpoint_objects.coupon,
        touchpoints.page_url,
        {{ page_address('touchpoints.page_url') }} as page,
        touchpoints.search_query,
        touchpoints.message_text,
        touchpoints.currency,
        touchpoints.amount,
        sentiment.language,
        sentiment.sentiment,
        sentiment.sentiment_label,
        sentiment.emotion,
        sentiment.emotion_rule,
        cast(nps_answers.nps as {{ dbt.type_int() }}) as nps,
        touchpoints.is_conversion,
        case when touchpoints.is_conversion then touchpoints.conversion_kind end as conversion_kind,
        case when touchpoints.is_conversion then touchpoints.conversion_id end as conversion_id,
        touchpoints.is_friction_type
        or coalesce(troubled_tickets.is_repeat, false)
        or coalesce(troubled_tickets.is_reopened, false)
        or coalesce(troubled_tickets.is_transferred, false)
        or rage_clicks.touchpoint_id is not null
        or dead_clicks.touchpoint_id is not null
        or coalesce(
            touchpoints.touchpoint_type = 'order_returned'
            and order_days.ordered_on
            = {{ local_date('touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')") }},
            false
        )
        or (
            touchpoints.direction = 'inbound'
            and (
                coalesce(sentiment.sentiment_label, '') = 'negative'
                or coalesce(sentiment.emotion, '') = 'frustration'
            )
        ) as is_friction,
        touchpoints.is_arrival,
        touchpoints.is_bot,
        touchpoints.is_internal,
        touchpoints.source_system,
        touchpoints.record_type as source_table,
        touchpoints.record_id as source_record_id,
        touchpoints.source_event
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    left join journey_touchpoints
        on touchpoints.touchpoint_id = journey_touchpoints.touchpoint_id
    left join touchpoint_objects
        on touchpoints.touchpoint_id = touchpoint_objects.touchpoint_id
    left join troubled_tickets
        on touchpoints.record_key = troubled_tickets.record_key
    left join late_closing
        on
            touchpoints.location_id = late_closing.location_id
            and channels.is_physical
    left join functions
        on touchpoints.touchpoint_type = functions.touchpoint_type
    left join rage_clicks
        on touchpoints.touchpoint_id = rage_clicks.touchpoint_id
    left join dead_clicks
        on touchpoints.touchpoint_id = dead_clicks.touchpoint_id
    left join order_days
        on
            touchpoints.customer_id = order_days.customer_id
            and touchpoint_objects.order_id = order_days.order_id
    left join sentiment
        on touchpoints.message_text = sentiment.message_text
    left join nps_answers
        on
            touchpoints.record_key = nps_answers.record_key
            and touchpoints.source_system <> 'support'
            and not touchpoints.is_arrival

),

touchpoints_with_dates as (

    select
        *,
        cast(local_occurred_at as date) as local_date
    from described_touchpoints

)

select * from touchpoints_with_dates
