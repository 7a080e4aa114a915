-- One row per booking or application, filled in on any number of channels, with its progress, outcome and value,
-- without what depends on the clock. A cancelled booking and a declined or withdrawn application have no net revenue.
with

form_touchpoints as (

    select * from {{ ref('int_journeys__form_touchpoints') }}

),

ranked_touchpoints as (

    select
        *,
        row_number() over (
            partition by form_kind, form_id
            order by case when is_conversion then 0 else 1 end, touchpoint_number
        ) as owner_rank,
        row_number() over (
            partition by form_kind, form_id
            order by case when is_filling then 0 else 1 end, touchpoint_number desc
        ) as filling_rank_from_last,
        row_number() over (
            partition by form_kind, form_id, step is not null
            order by touchpoint_number desc
        ) as step_rank_from_last,
        row_number() over (
            partition by form_kind, form_id, is_resumption
            order by touchpoint_number
        ) as resumption_number,
        row_number() over (
            partition by
                form_kind,
                form_id,
                amount is not null and (is_conversion or touchpoint_type in ('booking_updated', 'application_updated'))
            order by touchpoint_number desc
        ) as amount_rank_from_last
    from form_touchpoints

),

verdicts as (

    select
        form_kind,
        form_id,
        touchpoint_type,
        occurred_at,
        channel,
        row_number() over (partition by form_kind, form_id order by touchpoint_number desc) as rank_from_last
    from form_touchpoints
    where
        is_conversion
        or touchpoint_type in (
            'booking_completed', 'booking_cancelled',
            'application_submitted', 'application_approved', 'application_declined', 'application_withdrawn'
        )

),

paths as (

    select
        form_kind,
        form_id,
        {{ string_list_agg('channel', 'touchpoint_number', "' > '") }} as channel_path
    from form_touchpoints
    where
        is_filling
        and (previous_channel is null or previous_channel <> channel)
    group by form_kind, form_id

),

form_totals as (

    select
        form_kind,
        form_id,
        max(case when owner_rank = 1 then customer_id end) as customer_id,
        max(case when owner_rank = 1 then journey_id end) as journey_id,
        max(case when is_conversion then touchpoint_id end) as conversion_touchpoint_id,
        min(occurred_at) as started_at,
        max(case when touchpoint_number = 1 then channel end) as started_channel,
        max(case when filling_rank_from_last = 1 then occurred_at end) as last_active_at,
        max(case when filling_rank_from_last = 1 then channel end) as last_channel,
        max(case when filling_rank_from_last = 1 then touchpoint_type end) as last_touchpoint_type,
        max(case when is_conversion then occurred_at end) as converted_at,
        max(case when is_conversion then channel end) as converted_channel,
        max(case when is_conversion then timezone end) as timezone,
        count(*) as touchpoints,
        count(distinct case when is_filling then channel end) as channels,
        count(distinct case when is_filling then device end) as devices,
        count(distinct step) as steps_reached,
        max(case when step is not null and step_rank_from_last = 1 then step end) as last_step,
        {{ count_where('is_resumption') }} as resumptions,
        max(case when is_resumption and resumption_number = 1 then occurred_at end) as resumed_at,
        max(case when is_resumption and resumption_number = 1 then channel end) as resumed_channel,
        max(product_id) as product_id,
        max(location_id) as location_id,
        max(banner) as banner,
        max(currency) as currency,
        max(
            case
                when
                    amount is not null
                    and (is_conversion or touchpoint_type in ('booking_updated', 'application_updated'))
                    and amount_rank_from_last = 1
                    then amount
            end
        ) as amount,
        min(case when touchpoint_type = 'check_in' then occurred_at end) as checked_in_at
    from ranked_touchpoints
    group by form_kind, form_id

),

forms as (

    select
        form_totals.*,
        paths.channel_path,
        verdicts.touchpoint_type as verdict,
        verdicts.occurred_at as decided_at,
        verdicts.channel as decided_channel,
        coalesce(
            verdicts.touchpoint_type in ('booking_cancelled', 'application_declined', 'application_withdrawn'), false
        ) as is_void,
        case when form_totals.converted_at is not null then coalesce(form_totals.amount, 0) end as gross_revenue
    from form_totals
    left join paths
        on
            form_totals.form_kind = paths.form_kind
            and form_totals.form_id = paths.form_id
    left join verdicts
        on
            form_totals.form_kind = verdicts.form_kind
            and form_totals.form_id = verdicts.form_id
            and verdicts.rank_from_last = 1

)

select
    *,
    case when is_void and gross_revenue is not null then 0 else gross_revenue end as net_revenue
from forms
