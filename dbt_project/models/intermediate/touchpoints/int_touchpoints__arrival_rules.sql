-- One row per distinct way of arriving: the channel that sent the visitor, by the first rule of
-- `arrival_channels` that fits.
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

    select * from {{ ref('referrer_sites') }}

),

source_sites as (

    select distinct
        arrivals.campaign_source,
        sites.site_kind
    from arrivals
    inner join sites
        on {{ regexp_matches('arrivals.campaign_source', 'sites.host_pattern') }}

),

referrer_kinds as (

    select
        arrivals.referrer_host,
        sites.site_kind,
        row_number() over (partition by arrivals.referrer_host order by sites.priority, sites.site_name) as site_rank
    from arrivals
    inner join sites
        on {{ regexp_matches('arrivals.referrer_host', 'sites.host_pattern') }}

),

fitting_rules as (

    select
        arrivals.*,
        rules.channel,
        rules.touchpoint_type,
        rules.recorded_as,
        row_number() over (
            partition by
                arrivals.campaign_source, arrivals.campaign_medium, arrivals.landing_parameters, arrivals.referrer_host
            order by rules.priority
        ) as rule_rank
    from arrivals
    inner join rules
        on
            case rules.applies_to
                when 'campaign'
                    then
                        (arrivals.campaign_source <> '' or arrivals.campaign_medium <> '')
                        and (
                            rules.source_pattern is null
                            or {{ regexp_matches('arrivals.campaign_source', 'rules.source_pattern') }}
                        )
                        and (
                            rules.medium_pattern is null
                            or {{ regexp_matches('arrivals.campaign_medium', 'rules.medium_pattern') }}
                        )
                when 'landing_url' then {{ regexp_matches('arrivals.landing_parameters', 'rules.url_pattern') }}
                else arrivals.referrer_host <> ''
            end
    left join source_sites
        on
            arrivals.campaign_source = source_sites.campaign_source
            and rules.site_kind = source_sites.site_kind
    left join referrer_kinds
        on
            arrivals.referrer_host = referrer_kinds.referrer_host
            and rules.site_kind = referrer_kinds.site_kind
            and referrer_kinds.site_rank = 1
    where
        rules.site_kind is null
        or (rules.applies_to = 'campaign' and source_sites.site_kind is not null)
        or (rules.applies_to = 'referrer' and referrer_kinds.site_kind is not null)

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
