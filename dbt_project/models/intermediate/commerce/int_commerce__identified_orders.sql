-- One row per order, with the kind of identifier by which its customer was known when it was placed. A payment card or
-- device identifies a customer only if a known person has used it.
with

orders as (

    select * from {{ ref('int_commerce__orders') }}

),

placings as (

    select
        touchpoint_id,
        record_key
    from {{ ref('int_touchpoints__unioned') }}
    where
        is_conversion
        and conversion_kind = 'order'

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}
    where is_identified

),

resolved_orders as (

    select
        orders.order_id,
        {{ dbt.split_part('record_customers.resolved_by', "':'", 1) }} as identifier_type
    from orders
    inner join placings
        on orders.conversion_touchpoint_id = placings.touchpoint_id
    left join record_customers
        on placings.record_key = record_customers.record_key

),

identified_orders as (

    select
        order_id,
        case
            when identifier_type is null then 'none'
            when identifier_type in ('member_id', 'loyalty_id') then 'loyalty_card'
            when identifier_type = 'user_id' then 'account'
            when identifier_type = 'payment_token' then 'payment_card'
            when identifier_type in ('anonymous_id', 'device_id', 'advertising_id') then 'device'
            when identifier_type in ('email', 'phone') then identifier_type
            when identifier_type in ('order_id', 'cart_id') then 'order'
            else 'other'
        end as identified_by
    from resolved_orders

)

select * from identified_orders
