-- One row per distinct combination of arrival attributes, with the channel that sent the visitor, by the first matching
-- rule of `arrival_channels`.
with

arrivals as (

    select distinct
        campaign_source,
        campaign_medium,
        landing_parameters,
        referrer_host
    from {{ ref('int_touchpoints__landings') }}

),

rules as (

    select * from {{ ref('arrival_channels') }}

),

sites as (

    select * from {{ ref('int_touchpoints__sites') }}

),

click_ids as (

    select * from {{ ref('click_ids') }}

),

clicks as (

    select distinct
        arrivals.landing_parameters,
        click_ids.click_kind
    from arrivals
    inner join click_ids
        on {{ dbt.position(dbt.concat(["'&'", 'click_ids.parameter', "'&'"]), 'arrivals.landing_parameters') }} > 0

),

campaign_sources as (

    select distinct campaign_source from arrivals

),

campaign_mediums as (

    select distinct campaign_medium from arrivals

),

-- Sources and mediums are few, so each is matched with the patterns once, not once per combination.
source_rules as (

    select
        campaign_sources.campaign_source,
        rules.priority
    from campaign_sources
    inner join rules
        on {{ regexp_matches('campaign_sources.campaign_source', 'rules.source_pattern') }}

),

medium_rules as (

    select
        campaign_mediums.campaign_medium,
        rules.priority
    from campaign_mediums
    inner join rules
        on {{ regexp_matches('campaign_mediums.campaign_medium', 'rules.medium_pattern') }}

),

known_arrivals as (

    select
        arrivals.*,
        coalesce(sources.site_kind, '') as source_kind,
        coalesce(referrers.site_kind, '') as referrer_kind
    from arrivals
    left join sites as sources
        on arrivals.campaign_source = sources.sender
    left join sites as referrers
        on arrivals.referrer_host = referrers.sender

),

fitting_rules as (

    select
        known_arrivals.*,
        rules.channel,
        rules.touchpoint_type,
        rules.recorded_as,
        row_number() over (
            partition by
                known_arrivals.campaign_source,
                known_arrivals.campaign_medium,
                known_arrivals.landing_parameters,
                known_arrivals.referrer_host
            order by rules.priority
        ) as rule_rank
    from known_arrivals
    inner join rules
        on
            case rules.applies_to
                when 'campaign'
                    then
                        (known_arrivals.campaign_source <> '' or known_arrivals.campaign_medium <> '')
                        and (rules.site_kind is null or known_arrivals.source_kind = rules.site_kind)
                when 'referrer'
                    then
                        known_arrivals.referrer_host <> ''
                        and known_arrivals.referrer_kind not in ('own', 'payment', 'sign_in')
                        and (rules.site_kind is null or known_arrivals.referrer_kind = rules.site_kind)
                else true
            end
    left join source_rules
        on
            known_arrivals.campaign_source = source_rules.campaign_source
            and rules.priority = source_rules.priority
    left join medium_rules
        on
            known_arrivals.campaign_medium = medium_rules.campaign_medium
            and rules.priority = medium_rules.priority
    left join clicks
        on
            known_arrivals.landing_parameters = clicks.landing_parameters
            and rules.click_kind = clicks.click_kind
    where
        (rules.source_pattern is null or source_rules.priority is not null)
        and (rules.medium_pattern is null or medium_rules.priority is not null)
        and (rules.applies_to <> 'landing_url' or clicks.click_kind is not null)

),

arrival_rules as (

    select
        campaign_source,
        campaign_medium,
        landing_parameters,
        referrer_host,
        channel,
        touchpoint_type,
        recorded_as
    from fitting_rules
    where rule_rank = 1

)

select * from arrival_rules
