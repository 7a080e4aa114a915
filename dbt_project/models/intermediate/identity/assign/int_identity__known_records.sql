-- One row per record whose customer is known by its own identifier (tier 1) or by sign-ins on its device (tier 2).
{{ config(materialized='view') }}

with

strong_records as (

    select * from {{ ref('int_identity__strong_records') }}

),

nearest_people as (

    select * from {{ ref('int_identity__nearest_people') }}

),

known_records as (

    select
        record_key,
        customer_id,
        1 as tier,
        node as resolved_by
    from strong_records
    union all
    select
        record_key,
        customer_id,
        2 as tier,
        device_node as resolved_by
    from nearest_people

)

select * from known_records
