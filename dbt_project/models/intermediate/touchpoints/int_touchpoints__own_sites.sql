-- One row per host of ours, with the site that it is part of: the hosts of the pages on which web events happen.
-- A link from one of our sites to another is no referral.
with

web_events as (

    select * from {{ ref('stg_web__events') }}

),

page_hosts as (

    select distinct page_host
    from web_events
    where {{ regexp_matches('page_host', "'[.][a-z-]+$'") }}

),

own_sites as (

    select
        page_host,
        {{ site_domain('page_host') }} as site_domain
    from page_hosts

)

select * from own_sites
