-- One row per exposure of a customer to an experiment, on whatever device. Machines and internal people are left out,
-- and so is who is unknown, as on a public device.
with

experiments as (

    select * from {{ ref('stg_segment__experiments') }}

),

channels as (

    select * from {{ ref('channels') }}

),

user_agents as (

    select * from {{ ref('int_records__user_agents') }}
    where is_bot

),

internal_records as (

    select distinct record_key from {{ ref('int_identity__internal_records') }}

),

internal_customers as (

    select customer_id from {{ ref('int_identity__internal_customers') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

marked_exposures as (

    select
        experiments.event_key as record_key,
        record_customers.customer_id,
        experiments.experiment_id,
        experiments.experiment_name,
        experiments.variant,
        experiments.variant_name,
        experiments.shown_at,
        coalesce(channels.channel, experiments.source_system) as channel,
        user_agents.user_agent is not null as is_bot,
        internal_records.record_key is not null or internal_customers.customer_id is not null as is_internal
    from experiments
    inner join record_customers
        on experiments.event_key = record_customers.record_key
    left join channels
        on
            experiments.device_type = channels.channel
            and channels.is_device
    left join user_agents
        on experiments.user_agent = user_agents.user_agent
    left join internal_records
        on experiments.event_key = internal_records.record_key
    left join internal_customers
        on record_customers.customer_id = internal_customers.customer_id

),

exposures as (

    select
        record_key,
        customer_id,
        experiment_id,
        experiment_name,
        variant,
        variant_name,
        shown_at,
        channel
    from marked_exposures
    where {{ is_counted() }}

)

select * from exposures
