-- One row per touchpoint that reaches a goal, with the order, booking or application. The first record of a goal is the
-- conversion. Later reports of the same goal are not, nor is the sale at a point of sale of an order placed online.
-- Events without an order id are repetitions if the same person sends the same amount and products again within a
-- minute, as after a page reload. Touchpoints of internal people reach no goal.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}
    where
        conversion_kind is not null
        and {{ is_external() }}

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
        touchpoints.record_key,
        touchpoints.customer_id,
        touchpoints.record_type,
        touchpoints.touchpoint_type,
        touchpoints.occurred_at,
        touchpoints.conversion_kind,
        max(coalesce(touchpoints.customer_id, touchpoints.device_key, touchpoints.touchpoint_id)) as person,
        max(coalesce(touchpoints.currency, '')) as currency,
        max(touchpoints.amount) as amount,
        min(conversion_kinds.key_type) as key_type,
        min(record_keys.key_value) as key_value
    from touchpoints
    inner join conversion_kinds
        on touchpoints.conversion_kind = conversion_kinds.conversion_kind
    left join record_keys
        on
            touchpoints.record_key = record_keys.record_key
            and conversion_kinds.key_type = record_keys.key_type
    group by
        touchpoints.touchpoint_id,
        touchpoints.record_key,
        touchpoints.customer_id,
        touchpoints.record_type,
        touchpoints.touchpoint_type,
        touchpoints.occurred_at,
        touchpoints.conversion_kind

),

listed_products as (

    select
        keyed_goals.touchpoint_id,
        {{ string_list_agg('product_keys.key_value', 'product_keys.key_value') }} as products
    from keyed_goals
    inner join record_keys as product_keys
        on
            keyed_goals.record_key = product_keys.record_key
            and product_keys.key_type = 'product_id'
    where keyed_goals.key_value is null
    group by keyed_goals.touchpoint_id

),

repetitions as (

    select
        keyed_goals.*,
        coalesce(listed_products.products, '') as products,
        lag(keyed_goals.occurred_at) over (
            partition by
                keyed_goals.conversion_kind,
                keyed_goals.person,
                keyed_goals.currency,
                keyed_goals.amount,
                coalesce(listed_products.products, '')
            order by keyed_goals.occurred_at, keyed_goals.touchpoint_id
        ) as previous_at
    from keyed_goals
    left join listed_products
        on keyed_goals.touchpoint_id = listed_products.touchpoint_id
    where keyed_goals.key_value is null

),

numbered_repetitions as (

    select
        *,
        sum(
            case
                when {{ seconds_between('previous_at', 'occurred_at') }} <= {{ var('same_goal_seconds') }} then 0
                else 1
            end
        ) over (
            partition by conversion_kind, person, currency, amount, products
            order by occurred_at, touchpoint_id
            rows between unbounded preceding and current row
        ) as goal_number
    from repetitions

),

derived_ids as (

    select
        touchpoint_id,
        first_value(touchpoint_id) over (
            partition by conversion_kind, person, currency, amount, products, goal_number
            order by occurred_at, touchpoint_id
            rows between unbounded preceding and unbounded following
        ) as conversion_id
    from numbered_repetitions

),

identified_goals as (

    select
        keyed_goals.*,
        coalesce(keyed_goals.key_value, derived_ids.conversion_id) as conversion_id,
        keyed_goals.key_value is null as is_id_derived
    from keyed_goals
    left join derived_ids
        on keyed_goals.touchpoint_id = derived_ids.touchpoint_id

),

conversions as (

    select
        touchpoint_id,
        customer_id,
        occurred_at,
        conversion_kind,
        key_type,
        conversion_id,
        is_id_derived,
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
    from identified_goals

)

select * from conversions
