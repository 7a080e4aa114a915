-- One row per touchpoint in the first minutes of a session that shows where the session may have come from: a campaign,
-- an outside referrer, or the parameters of its address. A referrer counts on the session's first page only: on a later
-- page, the visitor came back from another site.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}

),

sessionised as (

    select * from {{ ref('int_touchpoints__sessionised') }}

),

session_starts as (

    select
        session_id,
        occurred_at as started_at
    from sessionised
    where position_in_session = 1

),

first_touchpoints as (

    select
        sessionised.session_id,
        sessionised.position_in_session,
        session_starts.started_at,
        touchpoints.touchpoint_id,
        touchpoints.record_key,
        touchpoints.customer_id,
        lower(touchpoints.campaign_source) as campaign_source,
        {{ campaign_words('touchpoints.campaign_medium') }} as campaign_medium,
        lower(touchpoints.campaign_name) as campaign_name,
        {{ url_parameter_names('touchpoints.page_url') }} as landing_parameters,
        {{ url_host('touchpoints.page_url') }} as page_host,
        {{ url_host('touchpoints.page_referrer') }} as referrer_host,
        row_number() over (
            partition by sessionised.session_id
            order by
                case when coalesce(touchpoints.page_url, touchpoints.page_referrer) is null then 1 else 0 end,
                sessionised.position_in_session
        ) = 1 as is_first_page
    from sessionised
    inner join session_starts
        on sessionised.session_id = session_starts.session_id
    inner join touchpoints
        on sessionised.touchpoint_id = touchpoints.touchpoint_id
    where
        {{ seconds_between('session_starts.started_at', 'sessionised.occurred_at') }}
        <= {{ var('session_source_minutes') * 60 }}

),

landings as (

    select
        session_id,
        position_in_session,
        touchpoint_id,
        record_key,
        customer_id,
        started_at as occurred_at,
        coalesce(campaign_source, '') as campaign_source,
        coalesce(
            campaign_medium,
            -- Google sends no medium for such a campaign, only the campaign.
            case when campaign_name like '%cross-network%' then 'cross network' end,
            ''
        ) as campaign_medium,
        coalesce(landing_parameters, '') as landing_parameters,
        case
            when not is_first_page or {{ site_domain('referrer_host') }} = {{ site_domain('page_host') }} then ''
            else coalesce(referrer_host, '')
        end as referrer_host
    from first_touchpoints

)

select * from landings
where campaign_source <> '' or campaign_medium <> '' or landing_parameters <> '' or referrer_host <> ''
