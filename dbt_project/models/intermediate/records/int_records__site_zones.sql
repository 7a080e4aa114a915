-- One row per feed and host of its pages: the time zone in which the site, or else the feed, counts its days.
with

events as (

    select * from {{ ref('int_records__events') }}

),

site_timezones as (

    select * from {{ ref('site_timezones') }}

),

hosts as (

    select distinct
        source_system,
        coalesce(page_host, '') as page_host
    from events

),

site_zones as (

    select
        hosts.source_system,
        hosts.page_host,
        coalesce(zones_of_sites.timezone, zones_of_feeds.timezone) as timezone
    from hosts
    left join site_timezones as zones_of_sites
        on {{ site_domain('hosts.page_host') }} = zones_of_sites.site
    left join site_timezones as zones_of_feeds
        on hosts.source_system = zones_of_feeds.site

)

select * from site_zones
where timezone is not null
