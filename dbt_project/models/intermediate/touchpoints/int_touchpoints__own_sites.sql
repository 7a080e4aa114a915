-- One row per own host, with its site. Own hosts are those of pages with web events. A link from one own site to
-- another is not a referral.
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
