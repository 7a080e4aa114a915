-- One row per support case: how long the first answer and the resolution took, in calendar and in business
-- minutes.
with

case_milestones as (

    select * from {{ ref('int_service__case_milestones') }}

),

business_clock as (

    select * from {{ ref('int_service__business_clock') }}

),

response_times as (

    select
        case_milestones.case_id,
        case_milestones.opened_at,
        case_milestones.first_reply_at,
        case_milestones.first_human_reply_at,
        case_milestones.resolved_at,
        {{ minutes_between('case_milestones.opened_at', 'case_milestones.first_reply_at') }} as first_reply_minutes,
        first_reply.business_minutes - opening.business_minutes as first_reply_business_minutes,
        {{ minutes_between('case_milestones.opened_at', 'case_milestones.first_human_reply_at') }}
            as first_human_reply_minutes,
        first_human_reply.business_minutes - opening.business_minutes as first_human_reply_business_minutes,
        {{ minutes_between('case_milestones.opened_at', 'case_milestones.resolved_at') }} as resolution_minutes,
        resolution.business_minutes - opening.business_minutes as resolution_business_minutes
    from case_milestones
    left join business_clock as opening
        on
            case_milestones.case_id = opening.case_id
            and case_milestones.opened_at = opening.instant_at
    left join business_clock as first_reply
        on
            case_milestones.case_id = first_reply.case_id
            and case_milestones.first_reply_at = first_reply.instant_at
    left join business_clock as first_human_reply
        on
            case_milestones.case_id = first_human_reply.case_id
            and case_milestones.first_human_reply_at = first_human_reply.instant_at
    left join business_clock as resolution
        on
            case_milestones.case_id = resolution.case_id
            and case_milestones.resolved_at = resolution.instant_at

)

select
    case_id,
    opened_at,
    first_reply_at,
    first_human_reply_at,
    resolved_at,
    cast(first_reply_minutes as double) as first_reply_minutes,
    cast(first_reply_business_minutes as double) as first_reply_business_minutes,
    cast(first_human_reply_minutes as double) as first_human_reply_minutes,
    cast(first_human_reply_business_minutes as double) as first_human_reply_business_minutes,
    cast(resolution_minutes as double) as resolution_minutes,
    cast(resolution_business_minutes as double) as resolution_business_minutes
from response_times
