-- One row per touchpoint that reaches a goal, with the order, booking or application that it reached.
-- The first to tell of a goal is the conversion; a till sale of an order placed online, and a second report
-- of the same goal, are not.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}
    where conversion_kind is not null

),

conversion_kinds as (

    select * from {{ ref('conversions') }}

),

record_keys as (

    select * from {{ ref('int_records__keys') }}

),

keyed_goals as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.record_type,
        touchpoints.touchpoint_type,
        touchpoints.occurred_at,
        touchpoints.conversion_kind,
        min(conversion_kinds.key_type) as key_type,
        coalesce(min(record_keys.key_value), touchpoints.touchpoint_id) as conversion_id
    from touchpoints
    inner join conversion_kinds
        on touchpoints.conversion_kind = conversion_kinds.conversion_kind
    left join record_keys
        on
            touchpoints.record_key = record_keys.record_key
            and conversion_kinds.key_type = record_keys.key_type
    group by
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.record_type,
        touchpoints.touchpoint_type,
        touchpoints.occurred_at,
        touchpoints.conversion_kind

),

conversions as (

    select
        touchpoint_id,
        customer_id,
        occurred_at,
        conversion_kind,
        key_type,
        conversion_id,
        row_number() over (
            partition by conversion_kind, conversion_id
            order by
                case when record_type = 'transactions' then 1 else 0 end,
                occurred_at,
                touchpoint_id
        ) = 1 as is_conversion,
        touchpoint_type = 'store_sale' and max(case when record_type = 'transactions' then 0 else 1 end) over (
            partition by conversion_kind, conversion_id
        ) = 1 as is_store_half
    from keyed_goals

)

select * from conversions
