-- One row per record that is an interaction: its type, stage, direction and channel after the seed
-- `touchpoint_types`, and the customer it belongs to. An event that the seed does not know is of type
-- `other`.
with

all_records as {{ not_materialized() }} (

    select * from {{ ref('int_records__unioned') }}

),

touchpoint_types as (

    select * from {{ ref('touchpoint_types') }}

),

channels as (

    select * from {{ ref('channels') }}

),

record_customers as {{ not_materialized() }} (

    select * from {{ ref('int_identity__record_customers') }}

),

user_agents as (

    select * from {{ ref('int_records__user_agents') }}

),

internal_records as (

    select * from {{ ref('int_identity__internal_records') }}

),

internal_customers as (

    select * from {{ ref('int_identity__internal_customers') }}

),

records as (

    select * from all_records

),

classified as (

    select
        records.record_key as touchpoint_id,
        records.record_key,
        records.source_system,
        records.record_type,
        records.record_id,
        records.taxonomy_event as source_event,
        record_customers.customer_id,
        record_customers.tier as identity_tier,
        records.occurred_at,
        records.received_at,
        records.loaded_at,
        records.timezone,
        touchpoint_types.conversion_kind,
        touchpoint_types.opens_object,
        touchpoint_types.consent_change,
        records.device_key,
        records.source_session_id,
        records.page_url,
        records.page_referrer,
        records.campaign_source,
        records.campaign_medium,
        records.campaign_id,
        records.campaign_name,
        records.location_id,
        records.banner,
        records.product_id,
        records.currency,
        records.amount,
        records.message_text,
        records.search_query,
        records.subject,
        coalesce(records.is_sent_by_server, false) as is_sent_by_server,
        coalesce(record_customers.is_identified, false) as is_identified,
        coalesce(touchpoint_types.channel, known_channels.channel, 'other') as channel,
        coalesce(touchpoint_types.touchpoint_type, 'other') as touchpoint_type,
        coalesce(touchpoint_types.touchpoint_name, records.taxonomy_event) as touchpoint_name,
        coalesce(touchpoint_types.stage, 'awareness') as stage,
        coalesce(touchpoint_types.direction, 'inbound') as direction,
        coalesce(touchpoint_types.is_friction, false) as is_friction_type,
        coalesce(user_agents.is_bot, false) as is_bot,
        internal_records.record_key is not null or internal_customers.customer_id is not null as is_internal
    from records
    left join touchpoint_types
        on
            records.taxonomy_source = touchpoint_types.source
            and lower(records.taxonomy_event) = lower(touchpoint_types.event)
    left join channels as known_channels
        on records.native_channel = known_channels.channel
    left join record_customers
        on records.record_key = record_customers.record_key
    left join user_agents
        on records.user_agent = user_agents.user_agent
    left join internal_records
        on records.record_key = internal_records.record_key
    left join internal_customers
        on record_customers.customer_id = internal_customers.customer_id
    where coalesce(touchpoint_types.is_touchpoint, true)

)

select * from classified
