-- One row per journey: a customer's touchpoints towards one goal, on whatever channels.
with

journeys as (

    select * from {{ ref('int_journeys__described') }}

),

friction_touchpoints as (

    select
        journey_id,
        count(*) as touchpoints
    from {{ ref('fct_touchpoints') }}
    where
        is_friction
        and journey_id is not null
    group by journey_id

),

conversions as (

    select * from {{ ref('int_journeys__conversions') }}

),

case_milestones as (

    select * from {{ ref('int_service__case_milestones') }}

),

described_journeys as (

    select
        journeys.journey_id,
        journeys.customer_id,
        journeys.kind,
        journeys.case_id,
        case
            when journeys.kind = 'service' and case_milestones.resolved_at is not null then 'resolved'
            when journeys.kind = 'service' then 'open'
            when journeys.kind = 'outreach' then 'unanswered'
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
        journeys.entry_channel,
        journeys.exit_channel,
        journeys.channel_path,
        journeys.channels,
        journeys.touchpoints,
        journeys.inbound_touchpoints,
        journeys.handoffs,
        journeys.handoffs_continued,
        journeys.handoffs_restarted,
        journeys.handoffs_unlinked,
        {{ safe_divide(
            'journeys.handoffs_continued', '(journeys.handoffs_continued + journeys.handoffs_restarted)'
        ) }} as continuity_rate,
        coalesce(friction_touchpoints.touchpoints, 0) as friction_touchpoints,
        journeys.furthest_stage,
        conversions.conversion_kind,
        conversions.conversion_id,
        conversions.converted_at,
        conversions.channel as conversion_channel,
        cast(conversions.revenue as {{ type_money() }}) as revenue,
        cast(conversions.net_revenue as {{ type_money() }}) as net_revenue,
        conversions.currency,
        cast(
            {{ rounded('conversions.revenue * conversions.exchange_rate', 4) }} as {{ type_money() }}
        ) as revenue_reporting,
        cast(
            {{ rounded(days_between('journeys.started_at', 'conversions.converted_at'), 1) }} as decimal(18, 1)
        ) as time_to_convert_days
    from journeys
    left join friction_touchpoints
        on journeys.journey_id = friction_touchpoints.journey_id
    left join conversions
        on journeys.journey_id = conversions.journey_id
    left join case_milestones
        on journeys.case_id = case_milestones.case_id

)

select * from described_journeys
