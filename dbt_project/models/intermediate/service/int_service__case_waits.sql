-- One row per support case: how long the customer waited, agents worked and it was on hold, by the calendar and in
-- business hours.
{%- set kinds = ['requester_wait', 'agent_work', 'on_hold'] %}
with

case_milestones as (

    select * from {{ ref('int_service__case_milestones') }}

),

waiting_times as (

    select * from {{ ref('int_service__waiting_times') }}

),

business_clock as (

    select * from {{ ref('int_service__business_clock') }}

),

waits as (

    select
        waiting_times.case_id,
        waiting_times.waiting_kind,
        -- A sum of fractions depends on their order, and two runs must agree.
        cast(
            {{ rounded(minutes_between('waiting_times.from_at', 'waiting_times.until_at'), 6) }} as decimal(28, 6)
        ) as minutes,
        cast(
            {{ rounded('ended.business_minutes - began.business_minutes', 6) }} as decimal(28, 6)
        ) as business_minutes
    from waiting_times
    inner join business_clock as began
        on
            waiting_times.case_id = began.case_id
            and waiting_times.from_at = began.instant_at
    inner join business_clock as ended
        on
            waiting_times.case_id = ended.case_id
            and waiting_times.until_at = ended.instant_at

),

waits_by_case as (

    select
        case_id,
    {%- for kind in kinds %}
    sum(case when waiting_kind = '{{ kind }}' then minutes end) as {{ kind }}_minutes,
    sum(case when waiting_kind = '{{ kind }}' then business_minutes end) as {{ kind }}_business_minutes
    {{- "," if not loop.last }}
    {%- endfor %}
    from waits
    group by case_id

),

-- A wait that has not ended has no length yet, so open cases have no row.
case_waits as (

    select
        case_milestones.case_id,
    {%- for kind in kinds %}
    cast(coalesce(waits_by_case.{{ kind }}_minutes, 0) as double) as {{ kind }}_minutes,
    cast(coalesce(waits_by_case.{{ kind }}_business_minutes, 0) as double) as {{ kind }}_business_minutes
    {{- "," if not loop.last }}
    {%- endfor %}
    from case_milestones
    left join waits_by_case
        on case_milestones.case_id = waits_by_case.case_id
    where case_milestones.resolved_at is not null

)

select * from case_waits
