-- One row per cart of a customer, on however many devices and under however many cart ids it was filled,
-- until it is bought or left behind. Carts of one journey that hold the same product are one: the customer
-- had to start over.
with

carts as (

    select * from {{ ref('int_carts__described') }}

),

dated_carts as (

    select
        *,
        case
            when bought_at is not null then 'bought'
            when
                {{ seconds_between('last_active_at', run_at()) }} > {{ var('journey_timeout_days') * 86400 }}
                then 'abandoned'
            else 'open'
        end as status
    from carts

),

described_carts as (

    select
        {{ dbt.concat(["'crt_'", dbt.hash('dated_carts.component')]) }} as cart_key,
        dated_carts.customer_id,
        dated_carts.journey_id,
        dated_carts.status,
        dated_carts.cart_ids,
        dated_carts.cart_ids_used,
        dated_carts.last_cart_id,
        dated_carts.cart_ids_used - 1 as restarts,
        dated_carts.channel_path,
        dated_carts.channels,
        dated_carts.devices,
        dated_carts.devices > 1 as is_cross_device,
        dated_carts.channels > 1 as is_cross_channel,
        dated_carts.touchpoints,
        dated_carts.started_at,
        dated_carts.started_channel,
        dated_carts.started_device_id,
        dated_carts.resumptions,
        dated_carts.resumed_at,
        dated_carts.resumed_channel,
        dated_carts.last_active_at,
        dated_carts.last_channel,
        dated_carts.last_device_id,
        dated_carts.bought_at,
        dated_carts.bought_channel,
        case when dated_carts.status = 'bought' then dated_carts.order_id end as order_id,
        cast(
            {{ seconds_between('dated_carts.started_at', 'dated_carts.bought_at') }} / 3600 as double
        ) as hours_to_purchase,
        case
            when dated_carts.status = 'abandoned'
                then {{ add_days('dated_carts.last_active_at', var('journey_timeout_days')) }}
        end as abandoned_at,
        case when dated_carts.status = 'abandoned' then dated_carts.last_channel end as abandoned_channel,
        dated_carts.products,
        cast(dated_carts.items as double) as items,
        cast(dated_carts.cart_value as {{ type_money() }}) as cart_value,
        dated_carts.currency
    from dated_carts

)

select * from described_carts
