-- One row per identifier value as written: its normalised form, and whether it may link records. All spellings of one
-- identifier are normalised here and nowhere else. A placeholder, an impossible number or a value of the wrong form
-- stays on its record, but links nothing.
-- depends_on: {{ ref('identity_blocked_values') }}
with

observed as (

    select distinct
        identifier_type,
        raw_value,
        phone_country
    from {{ ref('int_identity__observed') }}

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

composed_values as (

    select
        *,
        {{ composed_text('raw_value') }} as composed_value
    from observed

),

normalised_values as (

    select
        composed_values.identifier_type,
        composed_values.raw_value,
        composed_values.phone_country,
        case composed_values.identifier_type
            when 'email' then emails.identifier_value
            when 'phone' then phones.identifier_value
            when 'social'
                then replace(replace(lower(composed_values.composed_value), ':', ':@'), ':@@', ':@')
            when 'advertising_id' then lower(composed_values.composed_value)
            else coalesce(emails.identifier_value, {{ plain_identifier('composed_values.composed_value') }})
        end as identifier_value
    from composed_values
    left join emails
        on
            composed_values.identifier_type = emails.identifier_type
            and composed_values.raw_value = emails.raw_value
    left join phones
        on
            composed_values.identifier_type = 'phone'
            and composed_values.raw_value = phones.raw_value
            and composed_values.phone_country = phones.phone_country

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
        lowered_values.phone_country,
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
