-- One row per session that came from elsewhere: the campaign and the outside referrer that its first
-- touchpoint shows.
{{ config(materialized='incremental', incremental_strategy='by_customer', on_schema_change='fail') }}

with

touchpoints as (

    select * from {{ of_dirty_customers(ref('int_touchpoints__classified')) }}

),

sessionised as (

    select * from {{ of_dirty_customers(ref('int_touchpoints__sessionised')) }}
    where position_in_session = 1

),

first_touchpoints as (

    select
        sessionised.session_id,
        touchpoints.touchpoint_id,
        touchpoints.record_key,
        touchpoints.customer_id,
        touchpoints.occurred_at,
        lower(touchpoints.campaign_source) as campaign_source,
        lower(touchpoints.campaign_medium) as campaign_medium,
        {{ url_parameter_names('touchpoints.page_url') }} as landing_parameters,
        {{ url_host('touchpoints.page_url') }} as page_host,
        {{ url_host('touchpoints.page_referrer') }} as referrer_host
    from sessionised
    inner join touchpoints
        on sessionised.touchpoint_id = touchpoints.touchpoint_id

),

landings as (

    select
        session_id,
        touchpoint_id,
        record_key,
        customer_id,
        occurred_at,
        coalesce(campaign_source, '') as campaign_source,
        coalesce(campaign_medium, '') as campaign_medium,
        coalesce(landing_parameters, '') as landing_parameters,
        case
            when {{ site_domain('referrer_host') }} = {{ site_domain('page_host') }} then ''
            else coalesce(referrer_host, '')
        end as referrer_host
    from first_touchpoints

)

select * from landings
where campaign_source <> '' or campaign_medium <> '' or landing_parameters <> '' or referrer_host <> ''
