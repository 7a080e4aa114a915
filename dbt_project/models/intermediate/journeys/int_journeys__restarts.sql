-- One row per run after a change of channel in which the customer starts over what they had not finished on another
-- channel: a second cart with the same product, a second ticket on the same subject.
with

runs as (

    select * from {{ ref('int_journeys__runs') }}

),

objects as (

    select * from {{ ref('int_journeys__objects') }}

),

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}

),

object_products as (

    select distinct
        journey_touchpoints.journey_id,
        objects.key_type,
        objects.key_value,
        product_keys.key_value as product_id
    from objects
    inner join journey_touchpoints
        on objects.journey_id = journey_touchpoints.journey_id
    inner join touchpoint_keys as object_keys
        on
            journey_touchpoints.touchpoint_id = object_keys.touchpoint_id
            and objects.key_type = object_keys.key_type
            and objects.key_value = object_keys.key_value
    inner join touchpoint_keys as product_keys
        on
            journey_touchpoints.touchpoint_id = product_keys.touchpoint_id
            and product_keys.key_type = 'product_id'

),

openings as (

    select
        runs.journey_id,
        runs.customer_id,
        runs.run_number,
        runs.channel,
        runs.run_starts_at_position,
        objects.key_type,
        objects.key_value,
        objects.subject
    from runs
    inner join objects
        on
            runs.journey_id = objects.journey_id
            and runs.customer_position = objects.first_position
    where
        runs.run_number > 1
        and objects.is_opened_here

),

restarts as (

    select distinct
        openings.journey_id,
        openings.customer_id,
        openings.run_number,
        openings.key_type
    from openings
    inner join objects as begun_objects
        on
            openings.journey_id = begun_objects.journey_id
            and openings.key_type = begun_objects.key_type
            and openings.key_value <> begun_objects.key_value
            and openings.channel <> begun_objects.first_channel
            and openings.run_starts_at_position > begun_objects.first_position
            and openings.run_starts_at_position
            < coalesce(begun_objects.finished_position, openings.run_starts_at_position + 1)
    left join object_products as opened_products
        on
            openings.journey_id = opened_products.journey_id
            and openings.key_type = opened_products.key_type
            and openings.key_value = opened_products.key_value
    left join object_products as begun_products
        on
            openings.journey_id = begun_products.journey_id
            and begun_objects.key_type = begun_products.key_type
            and begun_objects.key_value = begun_products.key_value
            and opened_products.product_id = begun_products.product_id
    where
        begun_products.product_id is not null
        or openings.subject = begun_objects.subject

)

select * from restarts
