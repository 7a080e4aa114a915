-- One row per touchpoint and business object that it references. An arrival references none.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where not is_arrival

),

record_keys as (

    select * from {{ ref('int_records__keys') }}

),

touchpoint_keys as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.occurred_at,
        record_keys.key_type,
        record_keys.key_value
    from touchpoints
    inner join record_keys
        on touchpoints.record_key = record_keys.record_key

)

select * from touchpoint_keys
