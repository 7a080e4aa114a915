-- One row per click that is at least the fourth on one element within a second, while the page did not change. Clicks
-- into a text field place the cursor or select a word, and do not count.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}
    where source_system in ('web', 'app')

),

clicks as (

    select * from {{ ref('stg_segment__clicks') }}
    where not is_text_field

),

numbered_views as (

    select
        touchpoint_id,
        record_key,
        customer_id,
        device_key,
        page_url,
        occurred_at,
        sum(case when touchpoint_type in ('page_view', 'screen_view') then 1 else 0 end) over (
            partition by customer_id, device_key
            order by occurred_at, touchpoint_id
            rows between unbounded preceding and current row
        ) as view_number
    from touchpoints

),

repeated_clicks as (

    select
        numbered_views.touchpoint_id,
        numbered_views.customer_id,
        numbered_views.occurred_at,
        lag(numbered_views.occurred_at, 3) over (
            partition by
                numbered_views.customer_id,
                numbered_views.device_key,
                numbered_views.page_url,
                numbered_views.view_number,
                clicks.element
            order by numbered_views.occurred_at, numbered_views.touchpoint_id
        ) as third_click_before_at
    from numbered_views
    inner join clicks
        on numbered_views.record_key = clicks.event_key

),

rage_clicks as (

    select
        touchpoint_id,
        customer_id
    from repeated_clicks
    where {{ seconds_between('third_click_before_at', 'occurred_at') }} <= 1

)

select * from rage_clicks
