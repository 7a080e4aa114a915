-- One row per support case and service level: how soon it had to be answered or resolved, and how soon it was.
{%- set targets = {
    'first_reply': 'first_reply_business_minutes',
    'resolution': 'resolution_business_minutes',
} %}
with

support_cases as (

    select * from {{ ref('fct_support_cases') }}

),

open_case_clock as (

    select * from {{ ref('int_service__open_case_clock') }}

),

targets as (

    {%- for target, business_minutes in targets.items() %}
    select
        support_cases.case_id,
        support_cases.customer_id,
        '{{ target }}' as service_level,
        support_cases.opened_at,
        support_cases.status,
        support_cases.location_id,
        support_cases.reason,
        support_cases.priority,
        support_cases.support_group,
        support_cases.{{ target }}_target_minutes as target_minutes,
        support_cases.{{ business_minutes }} is not null as is_done,
        coalesce(
            support_cases.{{ business_minutes }},
            support_cases.resolution_business_minutes,
            open_case_clock.business_minutes
        ) as business_minutes
    from support_cases
    left join open_case_clock
        on support_cases.case_id = open_case_clock.case_id
    where support_cases.{{ target }}_target_minutes is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

service_levels as (

    select
        case_id,
        customer_id,
        service_level,
        opened_at,
        location_id,
        reason,
        priority,
        support_group,
        target_minutes,
        cast(business_minutes as double) as business_minutes,
        cast(greatest(business_minutes - target_minutes, 0) as double) as minutes_over,
        case
            when business_minutes > target_minutes then 'breached'
            when is_done or status = 'resolved' then 'met'
            else 'running'
        end as outcome
    from targets

)

select * from service_levels
