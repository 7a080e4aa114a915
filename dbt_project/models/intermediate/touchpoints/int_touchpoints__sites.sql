-- One row per known sender in events, as the host of a referrer or as a campaign's source, with the kind of site. The
-- patterns of `referrer_sites` come before the hosts of `referrer_hosts`, and both before own sites, so that a stray
-- event never turns a search engine into an own site.
with

{% for feed in ['web', 'app', 'marketing'] -%}
{{ feed }}_events as (

    select * from {{ ref('stg_' ~ feed ~ '__events') }}

),

{% endfor -%}
site_hosts as (

    select * from {{ ref('referrer_hosts') }}

),

own_sites as (

    select * from {{ ref('int_touchpoints__own_sites') }}

),

senders as (

    {%- for feed in ['web', 'app', 'marketing'] %}
    select referrer_host as sender from {{ feed }}_events
    union
    select lower(campaign_source) as sender from {{ feed }}_events
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}

),

named_senders as (

    select
        sender,
        {{ site_domain('sender') }} as site_domain
    from senders
    where sender is not null

),

own_domains as (

    select distinct site_domain from own_sites

),

pattern_kinds as (

    {{ pattern_matches(
        'named_senders', 'sender', ref('referrer_sites'), 'host_pattern', ['site_kind', 'priority', 'site_name']
    ) }}

),

kinds as (

    select
        sender,
        site_domain,
        site_kind,
        cast(priority as {{ dbt.type_int() }}) as precedence,
        site_name as ordered_by
    from pattern_kinds
    union all
    select
        named_senders.sender,
        named_senders.site_domain,
        site_hosts.site_kind,
        1000 - length(site_hosts.host) as precedence,
        site_hosts.host as ordered_by
    from named_senders
    inner join site_hosts
        on
            named_senders.sender = site_hosts.host
            or named_senders.sender like {{ dbt.concat(["'%.'", 'site_hosts.host']) }}
    union all
    select
        named_senders.sender,
        named_senders.site_domain,
        'own' as site_kind,
        1000 as precedence,
        '' as ordered_by
    from named_senders
    inner join own_domains
        on named_senders.site_domain = own_domains.site_domain

),

ranked_kinds as (

    select
        *,
        row_number() over (partition by sender order by precedence, ordered_by) as kind_rank
    from kinds

),

sites as (

    select
        sender,
        site_domain,
        site_kind
    from ranked_kinds
    where kind_rank = 1

)

select * from sites
