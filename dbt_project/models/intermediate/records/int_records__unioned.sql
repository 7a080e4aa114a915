-- One row per raw record that may be an interaction: the conformed records of every source, before identity.
with

new_events as (

    select * from {{ ref('int_records__events') }}
    where timezone is not null or location_id is null

),

events_without_timezone as (

    select * from {{ ref('int_records__events') }}
    where timezone is null and location_id is not null

),

transactions as (

    select * from {{ ref('stg_store__transactions') }}

),

visits as (

    select * from {{ ref('stg_store__visits') }}

),

loyalty_entries as (

    select * from {{ ref('stg_store__loyalty_ledger') }}

),

locations as (

    select * from {{ ref('stg_store__locations') }}

),

support_messages as (

    select * from {{ ref('int_records__messages') }}

),

site_zones as (

    select * from {{ ref('int_records__site_zones') }}

),

-- A device that does not send its time zone, such as a kiosk, has that of its location, or else of its site. The
-- location may change.
placed_events as (

    select
        new_events.*,
        coalesce(new_events.timezone, site_zones.timezone) as local_timezone
    from new_events
    left join site_zones
        on
            new_events.source_system = site_zones.source_system
            and coalesce(new_events.page_host, '') = site_zones.page_host
    union all
    select
        events_without_timezone.*,
        coalesce(locations.timezone, site_zones.timezone) as local_timezone
    from events_without_timezone
    left join locations
        on events_without_timezone.location_id = locations.location_id
    left join site_zones
        on
            events_without_timezone.source_system = site_zones.source_system
            and coalesce(events_without_timezone.page_host, '') = site_zones.page_host

),

event_records as (

    select
        {{ conformed_record({
            "record_key": "event_key",
            "source_system": "source_system",
            "record_type": "'events'",
            "record_id": "record_id",
            "taxonomy_source": "'segment'",
            "taxonomy_event": "event_name",
            "occurred_at": "occurred_at",
            "received_at": "received_at",
            "loaded_at": "loaded_at",
            "timezone": "local_timezone",
            "native_channel": "native_channel",
            "device_key": "coalesce(anonymous_id, device_id)",
            "source_session_id": "source_session_id",
            "page_url": "page_url",
            "page_referrer": "page_referrer",
            "campaign_source": "campaign_source",
            "campaign_medium": "campaign_medium",
            "campaign_id": "coalesce(campaign_id, campaign_name)",
            "campaign_name": "campaign_name",
            "user_agent": "user_agent",
            "is_sent_by_server": "is_sent_by_server",
            "location_id": "location_id",
            "banner": "affiliation",
            "product_id": "product_id",
            "currency": "amount_currency",
            "amount": "amount",
            "message_text": "text",
            "search_query": "search_query",
        }) }}
    from placed_events

),

transaction_records as (

    select
        {{ conformed_record({
            "record_key": record_key("'store'", "'transactions'", "transactions.transaction_id"),
            "source_system": "'store'",
            "record_type": "'transactions'",
            "record_id": "transactions.transaction_id",
            "taxonomy_source": "'store_transaction'",
            "taxonomy_event": "transactions.kind",
            "occurred_at": "transactions.occurred_at",
            "received_at": "transactions.updated_at",
            "loaded_at": "transactions.loaded_at",
            "timezone": "locations.timezone",
            "native_channel": "coalesce(locations.kind, 'store')",
            "device_key": "transactions.payment_token",
            "location_id": "transactions.location_id",
            "banner": "locations.banner",
            "currency": "transactions.currency",
            "amount": "transactions.net_total",
        }) }}
    from transactions
    left join locations
        on transactions.location_id = locations.location_id

),

visit_records as (

    select
        {{ conformed_record({
            "record_key": record_key("'store'", "'visits'", "visits.visit_id"),
            "source_system": "'store'",
            "record_type": "'visits'",
            "record_id": "visits.visit_id",
            "taxonomy_source": "case when visits.event is null then 'store_visit' else 'segment' end",
            "taxonomy_event": "coalesce(visits.event, visits.kind)",
            "occurred_at": "visits.occurred_at",
            "received_at": "visits.updated_at",
            "loaded_at": "visits.loaded_at",
            "timezone": "locations.timezone",
            "native_channel": "coalesce(locations.kind, 'store')",
            "device_key": "visits.device_id",
            "location_id": "visits.location_id",
            "banner": "locations.banner",
            "product_id": "case when visits.context_key = 'product_id' then visits.context_id end",
            "subject": "visits.notes",
        }) }}
    from visits
    left join locations
        on visits.location_id = locations.location_id

),

loyalty_records as (

    select
        {{ conformed_record({
            "record_key": record_key("'store'", "'loyalty_ledger'", "entry_id"),
            "source_system": "'store'",
            "record_type": "'loyalty_ledger'",
            "record_id": "entry_id",
            "taxonomy_source": "'loyalty'",
            "taxonomy_event": "kind",
            "occurred_at": "occurred_at",
            "received_at": "updated_at",
            "loaded_at": "loaded_at",
            "native_channel": "coalesce(channel, 'other')",
            "currency": "currency",
            "amount": "amount",
        }) }}
    from loyalty_entries

),

support_records as (

    select
        {{ conformed_record({
            "record_key": "record_key",
            "source_system": "'support'",
            "record_type": "record_type",
            "record_id": "record_id",
            "taxonomy_source": "'support'",
            "taxonomy_event": "message_kind",
            "occurred_at": "occurred_at",
            "received_at": "received_at",
            "loaded_at": "loaded_at",
            "native_channel": "channel",
            "message_text": "message_text",
            "subject": "subject",
        }) }}
    from support_messages

),

records as (

    select * from event_records
    union all
    select * from transaction_records
    union all
    select * from visit_records
    union all
    select * from loyalty_records
    union all
    select * from support_records

)

select * from records
