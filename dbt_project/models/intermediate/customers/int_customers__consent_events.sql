-- One row per statement of consent. A refusal is lifted by the first later consent to the same purpose and channel in a
-- record that shares an identifier with the refusal. An identifier that was only resolved to the same person is not
-- enough, so when two customers are merged the refusal of either one still holds.
with

statements as (

    select
        {{ dbt.concat(["'cse_'", hash_text(['record_key', 'purpose', 'channel'])]) }} as consent_event_id,
        *
    from {{ ref('int_customers__consent_statements') }}

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}

),

said_under as (

    select distinct
        statements.consent_event_id,
        statements.customer_id,
        statements.purpose,
        statements.channel,
        statements.stated_at,
        statements.is_granted,
        identifiers.node
    from statements
    inner join identifiers
        on statements.record_key = identifiers.record_key

),

lifted_refusals as (

    select
        refusals.consent_event_id,
        min(permissions.stated_at) as lifted_at
    from said_under as refusals
    inner join said_under as permissions
        on
            refusals.customer_id = permissions.customer_id
            and refusals.purpose = permissions.purpose
            and refusals.channel = permissions.channel
            and refusals.node = permissions.node
            and refusals.stated_at < permissions.stated_at
    where not refusals.is_granted and permissions.is_granted
    group by refusals.consent_event_id

),

consent_events as (

    select
        statements.*,
        lifted_refusals.lifted_at
    from statements
    left join lifted_refusals
        on statements.consent_event_id = lifted_refusals.consent_event_id

)

select * from consent_events
