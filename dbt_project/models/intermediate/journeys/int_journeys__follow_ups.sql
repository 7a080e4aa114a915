-- One row per touchpoint after a conversion that references its order, booking or application. It belongs to the
-- journey of that conversion, however much later it happens. Of several conversions the latest counts.
with

touchpoints as {{ not_materialized() }} (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and {{ is_counted() }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}

),

service_touchpoints as (

    select * from {{ ref('int_journeys__service_touchpoints') }}

),

conversions as (

    select * from touchpoints
    where is_conversion

),

followed_conversions as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        conversions.touchpoint_id as conversion_touchpoint_id,
        row_number() over (
            partition by touchpoints.touchpoint_id
            order by conversions.customer_position desc
        ) as recency_rank
    from touchpoints
    inner join touchpoint_keys
        on touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    inner join conversions
        on
            touchpoints.customer_id = conversions.customer_id
            and touchpoint_keys.key_type = conversions.conversion_key_type
            and touchpoint_keys.key_value = conversions.conversion_id
            and touchpoints.customer_position > conversions.customer_position
    left join service_touchpoints
        on touchpoints.touchpoint_id = service_touchpoints.touchpoint_id
    where
        not touchpoints.is_conversion
        and service_touchpoints.touchpoint_id is null

),

follow_ups as (

    select
        touchpoint_id,
        customer_id,
        conversion_touchpoint_id
    from followed_conversions
    where recency_rank = 1

)

select * from follow_ups
