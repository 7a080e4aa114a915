-- One row per purpose and channel for which a person allowed or refused the use of their data, in one record.
with

consent_events as (

    select * from {{ ref('int_customers__consent_events') }}

),

events as (

    select
        consent_event_id,
        customer_id,
        purpose,
        channel,
        stated_on,
        stated_at,
        known_since as known_at,
        lifted_at,
        source_system,
        record_id,
        banner,
        evidence,
        case when is_granted then 'granted' else 'withdrawn' end as answer
    from consent_events

)

select * from events
