-- One row per touchpoint of a customer, with its journey and its step in the journey.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}

),

channels as (

    select * from {{ ref('channels') }}

),

rage_clicks as (

    select * from {{ ref('int_touchpoints__rage_clicks') }}

),

dead_clicks as (

    select * from {{ ref('int_touchpoints__dead_clicks') }}

),

service_touchpoints as (

    select * from {{ ref('int_journeys__service_touchpoints') }}

),

purchase_touchpoints as (

    select * from {{ ref('int_journeys__purchase_touchpoints') }}

),

follow_ups as (

    select * from {{ ref('int_journeys__follow_ups') }}

),

assignments as (

    select
        touchpoint_id,
        'service' as journey_kind,
        case_id,
        {{ dbt.concat(["'jrn_'", dbt.hash(dbt.concat(['customer_id', "':'", 'case_id']))]) }} as journey_id
    from service_touchpoints
    union all
    select
        touchpoint_id,
        journey_kind,
        cast(null as {{ dbt.type_string() }}) as case_id,
        {{ dbt.concat(["'jrn_'", dbt.hash('first_touchpoint_id')]) }} as journey_id
    from purchase_touchpoints
    union all
    select
        follow_ups.touchpoint_id,
        'purchase' as journey_kind,
        cast(null as {{ dbt.type_string() }}) as case_id,
        {{ dbt.concat(["'jrn_'", dbt.hash('purchase_touchpoints.first_touchpoint_id')]) }} as journey_id
    from follow_ups
    inner join purchase_touchpoints
        on follow_ups.conversion_touchpoint_id = purchase_touchpoints.touchpoint_id

),

journey_touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        assignments.journey_id,
        assignments.journey_kind,
        assignments.case_id,
        touchpoints.customer_position,
        touchpoints.occurred_at,
        touchpoints.channel,
        touchpoints.stage,
        touchpoints.direction,
        touchpoints.opens_object,
        touchpoints.subject,
        touchpoints.is_conversion,
        {{ touchpoint_type_with_clicks() }} as touchpoint_type,
        cast(row_number() over (
            partition by assignments.journey_id
            order by touchpoints.customer_position
        ) as {{ dbt.type_bigint() }}) as step_number,
        -- A support channel that is in no seed is still one of the brand's own.
        (channels.is_owned or coalesce(touchpoints.source_system, '') = 'support')
        and touchpoints.direction = 'inbound' as is_owned_inbound
    from touchpoints
    inner join assignments
        on touchpoints.touchpoint_id = assignments.touchpoint_id
    inner join channels
        on touchpoints.channel = channels.channel
    left join rage_clicks
        on touchpoints.touchpoint_id = rage_clicks.touchpoint_id
    left join dead_clicks
        on touchpoints.touchpoint_id = dead_clicks.touchpoint_id

)

select * from journey_touchpoints
