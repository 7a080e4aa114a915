-- One row per message and purpose in which the consent differs from the customer's previous message on the same device.
-- Browsers and apps send the consent with every message.
with

web_events as (

    select * from {{ ref('stg_web__events') }}

),

app_events as (

    select * from {{ ref('stg_app__events') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

choices as (

    select * from {{ ref('int_customers__consent_choices') }}

),

stated_consents as (

    select
        event_key,
        source_system,
        record_id,
        occurred_at,
        coalesce(anonymous_id, device_id, user_id, '') as device,
        affiliation as banner,
        consent
    from web_events
    where consent is not null
    union all
    select
        event_key,
        source_system,
        record_id,
        occurred_at,
        coalesce(anonymous_id, device_id, user_id, '') as device,
        affiliation as banner,
        consent
    from app_events
    where consent is not null

),

customers_consents as (

    select
        stated_consents.*,
        record_customers.customer_id,
        lag(stated_consents.consent) over (
            partition by record_customers.customer_id, stated_consents.source_system, stated_consents.device
            order by stated_consents.occurred_at, stated_consents.event_key
        ) as consent_before
    from stated_consents
    inner join record_customers
        on stated_consents.event_key = record_customers.record_key

),

stated_choices as (

    select
        customers_consents.event_key as record_key,
        customers_consents.customer_id,
        customers_consents.source_system,
        customers_consents.record_id,
        customers_consents.occurred_at as stated_at,
        customers_consents.banner,
        choices.purpose,
        choices.is_granted,
        choices.evidence,
        lag(choices.is_granted) over (
            partition by
                customers_consents.customer_id,
                customers_consents.source_system,
                customers_consents.device,
                choices.purpose
            order by customers_consents.occurred_at, customers_consents.event_key
        ) as was_granted
    from customers_consents
    inner join choices
        on customers_consents.consent = choices.consent
    where
        customers_consents.consent_before is null
        or customers_consents.consent_before <> customers_consents.consent

),

consent_contexts as (

    select
        record_key,
        customer_id,
        source_system,
        record_id,
        stated_at,
        banner,
        purpose,
        is_granted,
        evidence
    from stated_choices
    where was_granted is null or was_granted <> is_granted

)

select * from consent_contexts
