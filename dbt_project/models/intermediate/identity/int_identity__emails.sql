-- One row per distinct email address as written: its normalised form, by the rules of its provider
-- (Gmail ignores dots, most providers deliver what is after a plus sign to the same mailbox).
-- depends_on: {{ ref('int_identity__observed') }}
{{ config(materialized='incremental', incremental_strategy='by_value', on_schema_change='fail') }}

with

observed as (

    {{ new_values('email') }}

),

provider_rules as (

    select * from {{ ref('email_provider_rules') }}

),

split_addresses as (

    select
        identifier_type,
        raw_value,
        {{ dbt.split_part('lower(trim(raw_value))', "'@'", 1) }} as mailbox,
        {{ dbt.split_part('lower(trim(raw_value))', "'@'", 2) }} as domain,
        {{ dbt.split_part('lower(trim(raw_value))', "'@'", 3) }} as after_domain
    from observed

),

mailboxes as (

    select
        split_addresses.identifier_type,
        split_addresses.raw_value,
        coalesce(provider_rules.canonical_domain, split_addresses.domain) as domain,
        coalesce(provider_rules.ignores_dots, false) as ignores_dots,
        case
            when provider_rules.plus_alias then {{ dbt.split_part('split_addresses.mailbox', "'+'", 1) }}
            else split_addresses.mailbox
        end as mailbox,
        split_addresses.after_domain
    from split_addresses
    left join provider_rules
        on split_addresses.domain = provider_rules.domain

),

normalised_addresses as (

    select
        identifier_type,
        raw_value,
        -- What has a second at sign is no address, and its first two parts are another one.
        case
            when coalesce(after_domain, '') = '' then {{ dbt.concat([
                "case when ignores_dots then replace(mailbox, '.', '') else mailbox end",
                "'@'",
                'domain',
            ]) }}
        end as identifier_value
    from mailboxes

)

select * from normalised_addresses
