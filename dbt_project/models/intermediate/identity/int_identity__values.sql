-- One row per identifier value as written: its normalised form, and whether it may link anything.
-- A placeholder, an impossible number or a value of the wrong form stays on its record, and links nobody.
-- depends_on: {{ ref('identity_blocked_values') }}
-- depends_on: {{ ref('int_identity__observed') }}
{{ config(materialized='incremental', incremental_strategy='by_value', on_schema_change='fail') }}

with

observed as (

    {{ new_values() }}

),

emails as (

    select * from {{ ref('int_identity__emails') }}

),

phones as (

    select * from {{ ref('int_identity__phones') }}

),

blocked_values as (

    select
        identifier_type,
        value,
        min(reason) as reason
    from {{ ref('identity_blocked_values') }}
    where not is_pattern
    group by identifier_type, value

),

rules as (

    select * from {{ ref('identity_rules') }}

),

normalised_values as (

    select
        observed.identifier_type,
        observed.raw_value,
        case observed.identifier_type
            when 'email' then emails.identifier_value
            when 'phone' then phones.identifier_value
            when 'social' then lower(trim(observed.raw_value))
            else trim(observed.raw_value)
        end as identifier_value
    from observed
    left join emails
        on
            observed.identifier_type = 'email'
            and observed.raw_value = emails.raw_value
    left join phones
        on
            observed.identifier_type = 'phone'
            and observed.raw_value = phones.raw_value

),

lowered_values as (

    select
        *,
        lower(identifier_value) as lowered_value
    from normalised_values

),

judged_values as (

    select
        lowered_values.identifier_type,
        lowered_values.raw_value,
        lowered_values.identifier_value,
        rules.tier,
        rules.priority,
        case
            when lowered_values.identifier_value is null then 'not a valid value'
            when lowered_values.lowered_value = '' then 'not a valid value'
            {{ unusable_value_branches(
                'lowered_values.identifier_type',
                'lowered_values.identifier_value',
                'lowered_values.lowered_value',
                ref('identity_blocked_values'),
                ref('identity_rules')
            ) }}
            else coalesce(blocked_for_type.reason, blocked_for_any.reason)
        end as unusable_reason
    from lowered_values
    inner join rules
        on lowered_values.identifier_type = rules.identifier_type
    left join blocked_values as blocked_for_type
        on
            lowered_values.identifier_type = blocked_for_type.identifier_type
            and lowered_values.lowered_value = blocked_for_type.value
    left join blocked_values as blocked_for_any
        on
            blocked_for_any.identifier_type = 'any'
            and lowered_values.lowered_value = blocked_for_any.value

)

select * from judged_values
