-- One row per journey: a customer's touchpoints towards one goal, on whatever channels.
with

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}

),

runs as (

    select * from {{ ref('int_journeys__runs') }}

),

transitions as (

    select * from {{ ref('int_journeys__transitions') }}
    where is_handoff

),

conversions as (

    select * from {{ ref('int_journeys__conversions') }}

),

stages as (

    select * from {{ ref('journey_stages') }}

),

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

ticket_status as (

    select * from {{ ref('int_service__ticket_status') }}

),

journeys as (

    select
        journey_touchpoints.journey_id,
        max(journey_touchpoints.customer_id) as customer_id,
        max(journey_touchpoints.journey_kind) as kind,
        max(journey_touchpoints.case_id) as case_id,
        min(journey_touchpoints.occurred_at) as started_at,
        max(journey_touchpoints.occurred_at) as ended_at,
        max(case
            when journey_touchpoints.direction = 'inbound' then journey_touchpoints.occurred_at
        end) as last_inbound_at,
        max(case when journey_touchpoints.step_number = 1 then journey_touchpoints.channel end) as first_channel,
        count(*) as touchpoints,
        {{ count_where("journey_touchpoints.direction = 'inbound'") }} as inbound_touchpoints,
        {{ count_where('touchpoints.is_friction') }} as friction_touchpoints,
        max(stages.stage_order) as furthest_stage_order
    from journey_touchpoints
    inner join touchpoints
        on journey_touchpoints.touchpoint_id = touchpoints.touchpoint_id
    inner join stages
        on journey_touchpoints.stage = stages.stage
    group by journey_touchpoints.journey_id

),

run_starts as (

    select
        journey_id,
        channel,
        run_number,
        max(run_number) over (partition by journey_id) as last_run_number
    from runs
    where customer_position = run_starts_at_position

),

paths as (

    select
        journey_id,
        {{ string_list_agg('channel', 'run_number', "' > '") }} as channel_path,
        max(case when run_number = 1 then channel end) as entry_channel,
        max(case when run_number = last_run_number then channel end) as exit_channel,
        count(distinct channel) as channels
    from run_starts
    group by journey_id

),

handoffs as (

    select
        journey_id,
        count(*) as handoffs,
        cast(sum(case when outcome = 'continued' then 1 else 0 end) as {{ dbt.type_bigint() }}) as handoffs_continued,
        cast(sum(case when outcome = 'restarted' then 1 else 0 end) as {{ dbt.type_bigint() }}) as handoffs_restarted,
        cast(sum(case when outcome = 'unlinked' then 1 else 0 end) as {{ dbt.type_bigint() }}) as handoffs_unlinked
    from transitions
    group by journey_id

),

case_status as (

    select
        case_tickets.case_id,
        max(case when ticket_status.is_solved then 0 else 1 end) = 0 as is_resolved
    from case_tickets
    inner join ticket_status
        on case_tickets.ticket_id = ticket_status.ticket_id
    group by case_tickets.case_id

),

described_journeys as (

    select
        journeys.journey_id,
        journeys.customer_id,
        journeys.kind,
        journeys.case_id,
        case
            when journeys.kind = 'service' and case_status.is_resolved then 'resolved'
            when journeys.kind = 'service' then 'open'
            when conversions.journey_id is not null then 'converted'
            when
                {{ seconds_between('coalesce(journeys.last_inbound_at, journeys.started_at)', run_at()) }}
                > {{ var('journey_timeout_days') * 86400 }}
                then 'abandoned'
            else 'open'
        end as status,
        journeys.started_at,
        journeys.ended_at,
        journeys.last_inbound_at,
        coalesce(paths.entry_channel, journeys.first_channel) as entry_channel,
        coalesce(paths.exit_channel, journeys.first_channel) as exit_channel,
        paths.channel_path,
        coalesce(paths.channels, 0) as channels,
        journeys.touchpoints,
        journeys.inbound_touchpoints,
        coalesce(handoffs.handoffs, 0) as handoffs,
        coalesce(handoffs.handoffs_continued, 0) as handoffs_continued,
        coalesce(handoffs.handoffs_restarted, 0) as handoffs_restarted,
        coalesce(handoffs.handoffs_unlinked, 0) as handoffs_unlinked,
        {{ safe_divide(
            'handoffs.handoffs_continued', '(handoffs.handoffs_continued + handoffs.handoffs_restarted)'
        ) }} as continuity_rate,
        journeys.friction_touchpoints,
        stages.stage as furthest_stage,
        conversions.conversion_kind,
        conversions.conversion_id,
        conversions.converted_at,
        conversions.channel as conversion_channel,
        cast(conversions.revenue as {{ type_money() }}) as revenue,
        cast(conversions.net_revenue as {{ type_money() }}) as net_revenue,
        conversions.currency,
        cast(conversions.revenue * conversions.exchange_rate as {{ type_money() }}) as revenue_reporting,
        cast(
            round({{ days_between('journeys.started_at', 'conversions.converted_at') }}, 1) as decimal(18, 1)
        ) as time_to_convert_days
    from journeys
    inner join stages
        on journeys.furthest_stage_order = stages.stage_order
    left join paths
        on journeys.journey_id = paths.journey_id
    left join handoffs
        on journeys.journey_id = handoffs.journey_id
    left join conversions
        on journeys.journey_id = conversions.journey_id
    left join case_status
        on journeys.case_id = case_status.case_id

)

select * from described_journeys
