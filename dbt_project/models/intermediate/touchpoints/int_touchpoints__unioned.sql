-- One row per touchpoint, arrivals included, with its session, its goal and its place in the customer's order
-- of events.
with

touchpoints as {{ not_materialized() }} (

    select * from {{ ref('int_touchpoints__classified') }}

),

arrivals as (

    select * from {{ ref('int_touchpoints__arrivals') }}
    where recorded_touchpoint_id is null

),

sessionised as (

    select * from {{ ref('int_touchpoints__sessionised') }}

),

conversions as (

    select * from {{ ref('int_touchpoints__conversions') }}

),

touchpoint_types as (

    select * from {{ ref('touchpoint_types') }}

),

arrival_moments as (

    select
        {{ dbt.concat(['landing_touchpoint_id', "':arrival'"]) }} as touchpoint_id,
        customer_id,
        occurred_at,
        0 as order_at_once
    from arrivals

),

moments as (

    select
        touchpoint_id,
        customer_id,
        occurred_at,
        1 as order_at_once
    from touchpoints
    union all
    select * from arrival_moments

),

-- Numbered without their texts: sorting complete touchpoints would need their memory a second time.
positions as (

    select
        touchpoint_id,
        row_number() over (
            partition by coalesce(customer_id, touchpoint_id)
            order by occurred_at, order_at_once, touchpoint_id
        ) as customer_position
    from moments

),

recorded_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.record_key,
        touchpoints.source_system,
        touchpoints.record_type,
        touchpoints.record_id,
        touchpoints.source_event,
        touchpoints.customer_id,
        touchpoints.identity_tier,
        touchpoints.is_identified,
        touchpoints.occurred_at,
        touchpoints.received_at,
        touchpoints.loaded_at,
        touchpoints.timezone,
        touchpoints.channel,
        case
            when conversions.is_store_half then 'order_picked_up' else touchpoints.touchpoint_type
        end as touchpoint_type,
        case
            when conversions.is_store_half then 'Picked up an order' else touchpoints.touchpoint_name
        end as touchpoint_name,
        case when conversions.is_store_half then 'fulfilment' else touchpoints.stage end as stage,
        touchpoints.direction,
        touchpoints.opens_object,
        touchpoints.consent_change,
        touchpoints.is_friction_type,
        touchpoints.is_bot,
        touchpoints.is_internal,
        sessionised.session_id,
        touchpoints.device_key,
        touchpoints.page_url,
        touchpoints.page_referrer,
        touchpoints.campaign_source,
        touchpoints.campaign_medium,
        touchpoints.campaign_id,
        touchpoints.campaign_name,
        touchpoints.location_id,
        touchpoints.banner,
        touchpoints.product_id,
        touchpoints.currency,
        touchpoints.amount,
        touchpoints.message_text,
        touchpoints.search_query,
        touchpoints.subject,
        coalesce(conversions.is_conversion, false) as is_conversion,
        conversions.conversion_kind,
        conversions.key_type as conversion_key_type,
        conversions.conversion_id,
        false as is_arrival
    from touchpoints
    left join sessionised
        on touchpoints.touchpoint_id = sessionised.touchpoint_id
    left join conversions
        on touchpoints.touchpoint_id = conversions.touchpoint_id

),

arrival_touchpoints as (

    select
        {{ dbt.concat(['landings.touchpoint_id', "':arrival'"]) }} as touchpoint_id,
        landings.record_key,
        landings.source_system,
        landings.record_type,
        landings.record_id,
        landings.source_event,
        landings.customer_id,
        landings.identity_tier,
        landings.is_identified,
        arrivals.occurred_at,
        landings.received_at,
        landings.loaded_at,
        landings.timezone,
        arrivals.channel,
        arrivals.touchpoint_type,
        touchpoint_types.touchpoint_name,
        touchpoint_types.stage,
        touchpoint_types.direction,
        cast(null as {{ dbt.type_string() }}) as opens_object,
        cast(null as {{ dbt.type_string() }}) as consent_change,
        false as is_friction_type,
        landings.is_bot,
        landings.is_internal,
        arrivals.session_id,
        landings.device_key,
        landings.page_url,
        landings.page_referrer,
        landings.campaign_source,
        landings.campaign_medium,
        landings.campaign_id,
        landings.campaign_name,
        landings.location_id,
        landings.banner,
        cast(null as {{ dbt.type_string() }}) as product_id,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as {{ type_money() }}) as amount,
        cast(null as {{ dbt.type_string() }}) as message_text,
        cast(null as {{ dbt.type_string() }}) as search_query,
        cast(null as {{ dbt.type_string() }}) as subject,
        false as is_conversion,
        cast(null as {{ dbt.type_string() }}) as conversion_kind,
        cast(null as {{ dbt.type_string() }}) as conversion_key_type,
        cast(null as {{ dbt.type_string() }}) as conversion_id,
        true as is_arrival
    from arrivals
    inner join touchpoints as landings
        on arrivals.landing_touchpoint_id = landings.touchpoint_id
    inner join touchpoint_types
        on
            arrivals.touchpoint_type = touchpoint_types.event
            and touchpoint_types.source = 'arrival'

),

all_touchpoints as (

    select * from recorded_touchpoints
    union all
    select * from arrival_touchpoints

),

ordered_touchpoints as (

    select
        all_touchpoints.*,
        positions.customer_position
    from all_touchpoints
    inner join positions
        on all_touchpoints.touchpoint_id = positions.touchpoint_id

)

select * from ordered_touchpoints
