-- One row per customer, business object or name, and what is told of it: a fingerprint of all that models by
-- customer read from elsewhere.
-- Two runs with the same fingerprint would give a customer the same touchpoints and journeys.
with

records as {{ not_materialized() }} (

    select * from {{ ref('int_records__unioned') }}

),

record_customers as (

    select
        record_key,
        customer_id,
        tier,
        is_identified
    from {{ ref('int_identity__record_customers') }}

),

record_keys as (

    select * from {{ ref('int_records__keys') }}

),

shared_key_types as (

    select key_type from {{ ref('conversions') }}
    union
    select 'ticket_id' as key_type
    from {{ ref('conversions') }}

),

internal_records as (

    select * from {{ ref('int_records__internal') }}

),

internal_customers as (

    select * from {{ ref('int_customers__internal') }}

),

nps_answers as (

    select * from {{ ref('int_service__nps_answers') }}

),

members as (

    select * from {{ ref('stg_store__members') }}

),

{% for feed in ['web', 'app'] -%}
{{ feed }}_events as (

    select
        event_key,
        page_host,
        referrer_host
    from {{ ref('stg_' ~ feed ~ '__events') }}
    where referrer_host is not null

),

{% endfor -%}
site_events as (

    select * from web_events
    union all
    select * from app_events

),

sites as (

    select * from {{ ref('int_touchpoints__sites') }}

),

own_sites as (

    select * from {{ ref('int_touchpoints__own_sites') }}

),

-- Whether a site is one of ours, later events may show.
own_referrers as (

    select
        site_events.event_key as record_key,
        sites.site_kind
    from site_events
    inner join sites
        on site_events.referrer_host = sites.sender
    left join own_sites
        on site_events.page_host = own_sites.page_host
    where
        sites.site_kind = 'own'
        and sites.site_domain <> coalesce(own_sites.site_domain, '')

),

-- A member's row is no interaction: whose it is, is told here.
customer_members as (

    select
        record_customers.customer_id,
        {{ fingerprint('members') }} as member_fingerprint
    from members
    inner join record_customers
        on record_customers.record_key = {{ record_key("'store'", "'members'", 'members.member_id') }}

),

clicks as (

    select
        event_key,
        element,
        is_text_field
    from {{ ref('stg_segment__clicks') }}

),

transaction_lines as (

    select
        {{ record_key("'store'", "'transactions'", "transaction_id") }} as record_key,
        *
    from {{ ref('stg_store__transaction_lines') }}

),

case_tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

ticket_status as (

    select * from {{ ref('int_service__ticket_status') }}

),

products as (

    select
        product_id,
        name
    from {{ ref('stg_store__products') }}

),

locations as (

    select
        location_id,
        name
    from {{ ref('stg_store__locations') }}

),

touchpoint_types as (

    select * from {{ ref('touchpoint_types') }}

),

campaigns as (

    select distinct
        records.campaign_id,
        records.campaign_name
    from records
    left join touchpoint_types
        on
            records.taxonomy_source = touchpoint_types.source
            and lower(records.taxonomy_event) = lower(touchpoint_types.event)
    where
        records.campaign_id is not null
        and coalesce(touchpoint_types.is_touchpoint, true)

),

record_fingerprints as (

    select
        records.record_key,
        coalesce(record_customers.customer_id, '') as customer_id,
        internal_records.record_key is not null or internal_customers.customer_id is not null as is_internal,
        {{ fingerprint('records') }} as record_fingerprint,
        {{ fingerprint('record_customers') }} as customer_fingerprint
    from records
    left join record_customers
        on records.record_key = record_customers.record_key
    left join internal_records
        on records.record_key = internal_records.record_key
    left join internal_customers
        on record_customers.customer_id = internal_customers.customer_id

),

key_fingerprints as (

    select
        record_fingerprints.customer_id,
        record_fingerprints.is_internal,
        record_keys.key_type,
        record_keys.key_value,
        record_fingerprints.record_fingerprint,
        record_fingerprints.customer_fingerprint,
        {{ fingerprint('record_keys') }} as key_fingerprint
    from record_keys
    inner join record_fingerprints
        on record_keys.record_key = record_fingerprints.record_key

),

told as (

    {%- for told, scope, scope_key, rows, fingerprints in [
        ('records', 'customer', 'customer_id', 'record_fingerprints', 'record_fingerprint'),
        ('identity', 'customer', 'customer_id', 'record_fingerprints', 'customer_fingerprint'),
        ('objects', 'customer', 'customer_id', 'key_fingerprints', 'key_fingerprint'),
        ('staff', 'customer', 'customer_id', 'internal_customers', fingerprint('internal_customers')),
        ('staff', 'record', 'record_key', 'internal_records', fingerprint('internal_records')),
        ('answers', 'record', 'record_key', 'nps_answers', fingerprint('nps_answers')),
        ('member', 'customer', 'customer_id', 'customer_members', 'member_fingerprint'),
        ('referrer', 'record', 'record_key', 'own_referrers', fingerprint('own_referrers')),
        ('lines', 'record', 'record_key', 'transaction_lines', fingerprint('transaction_lines')),
        ('clicks', 'record', 'event_key', 'clicks', fingerprint('clicks')),
        ('cases', 'ticket_id', 'ticket_id', 'case_tickets', fingerprint('case_tickets')),
        ('status', 'ticket_id', 'ticket_id', 'ticket_status', fingerprint('ticket_status')),
        ('name', 'product_id', 'product_id', 'products', fingerprint('products')),
        ('name', 'location_id', 'location_id', 'locations', fingerprint('locations')),
        ('name', 'campaign_id', 'campaign_id', 'campaigns', fingerprint('campaigns')),
    ] %}
    select
        '{{ told }}' as told,
        '{{ scope }}' as scope,
        {{ scope_key }} as scope_key,
        {{ fingerprint_of_all(fingerprints) }} as fingerprint
    from {{ rows }}
    group by {{ scope_key }}
    union all
    {%- endfor %}
    select
        'records' as told,
        key_fingerprints.key_type as scope,
        key_fingerprints.key_value as scope_key,
        {{ fingerprint_of_all('key_fingerprints.record_fingerprint') }} as fingerprint
    from key_fingerprints
    inner join shared_key_types
        on key_fingerprints.key_type = shared_key_types.key_type
    group by key_fingerprints.key_type, key_fingerprints.key_value
    union all
    -- Whether a record of another customer is the conversion depends on whether this one is internal.
    select
        'staff' as told,
        key_fingerprints.key_type as scope,
        key_fingerprints.key_value as scope_key,
        {{ fingerprint_of_all('key_fingerprints.record_fingerprint') }} as fingerprint
    from key_fingerprints
    inner join shared_key_types
        on key_fingerprints.key_type = shared_key_types.key_type
    where key_fingerprints.is_internal
    group by key_fingerprints.key_type, key_fingerprints.key_value
    union all
    select
        'identity' as told,
        key_fingerprints.key_type as scope,
        key_fingerprints.key_value as scope_key,
        {{ fingerprint_of_all('key_fingerprints.customer_fingerprint') }} as fingerprint
    from key_fingerprints
    inner join shared_key_types
        on key_fingerprints.key_type = shared_key_types.key_type
    group by key_fingerprints.key_type, key_fingerprints.key_value

)

select * from told
