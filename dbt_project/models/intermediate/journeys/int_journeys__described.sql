-- One row per journey, with all that follows from its touchpoints, without its status.
with

journey_touchpoints as (

    select * from {{ ref('int_journeys__touchpoints') }}

),

runs as (

    select * from {{ ref('int_journeys__runs') }}

),

transitions as (

    select * from {{ ref('int_journeys__transitions') }}
    where is_handoff

),

stages as (

    select * from {{ ref('journey_stages') }}

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
        min(case when journey_touchpoints.direction = 'inbound' then journey_touchpoints.step_number end)
            as first_inbound_step,
        max(case when journey_touchpoints.direction = 'inbound' then journey_touchpoints.step_number end)
            as last_inbound_step,
        count(*) as touchpoints,
        {{ count_where("journey_touchpoints.direction = 'inbound'") }} as inbound_touchpoints,
        max(stages.stage_order) as furthest_stage_order
    from journey_touchpoints
    inner join stages
        on journey_touchpoints.stage = stages.stage
    group by journey_touchpoints.journey_id

),

-- For journeys in which the customer never acted on one of the brand's own channels.
ends as (

    select
        journeys.journey_id,
        max(case
            when journey_touchpoints.step_number = coalesce(journeys.first_inbound_step, 1)
                then journey_touchpoints.channel
        end) as first_channel,
        max(case
            when journey_touchpoints.step_number = coalesce(journeys.last_inbound_step, 1)
                then journey_touchpoints.channel
        end) as last_channel
    from journeys
    inner join journey_touchpoints
        on journeys.journey_id = journey_touchpoints.journey_id
    group by journeys.journey_id

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

described_journeys as (

    select
        journeys.journey_id,
        journeys.customer_id,
        journeys.kind,
        journeys.case_id,
        journeys.started_at,
        journeys.ended_at,
        journeys.last_inbound_at,
        paths.channel_path,
        journeys.touchpoints,
        journeys.inbound_touchpoints,
        stages.stage as furthest_stage,
        coalesce(paths.entry_channel, ends.first_channel) as entry_channel,
        coalesce(paths.exit_channel, ends.last_channel) as exit_channel,
        coalesce(paths.channels, 0) as channels,
        coalesce(handoffs.handoffs, 0) as handoffs,
        coalesce(handoffs.handoffs_continued, 0) as handoffs_continued,
        coalesce(handoffs.handoffs_restarted, 0) as handoffs_restarted,
        coalesce(handoffs.handoffs_unlinked, 0) as handoffs_unlinked
    from journeys
    inner join ends
        on journeys.journey_id = ends.journey_id
    inner join stages
        on journeys.furthest_stage_order = stages.stage_order
    left join paths
        on journeys.journey_id = paths.journey_id
    left join handoffs
        on journeys.journey_id = handoffs.journey_id

)

select * from described_journeys
