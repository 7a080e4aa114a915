-- One row per record of the company's own people, staff or testers, by the rules of the seed `internal_traffic`, with
-- whether the rule is about the person or only about the record.
with

events as (

    select * from {{ ref('int_records__events') }}

),

observed as (

    select * from {{ ref('int_identity__observed') }}

),

members as (

    select
        {{ record_key("'store'", "'members'", "member_id") }} as record_key,
        tier
    from {{ ref('stg_store__members') }}

),

rules as (

    select * from {{ ref('internal_traffic') }}

),

told_values as (

    select
        record_key,
        identifier_type as told_type,
        lower(raw_value) as told_value
    from observed
    where raw_value is not null
    union all
    select
        event_key as record_key,
        'ip' as told_type,
        lower(ip) as told_value
    from events
    where ip is not null
    union all
    select
        record_key,
        'loyalty_tier' as told_type,
        lower(tier) as told_value
    from members
    where tier is not null

),

distinct_values as (

    select distinct
        told_values.told_type,
        told_values.told_value
    from told_values
    inner join rules
        on told_values.told_type = rules.told_type

),

internal_values as (

    select
        distinct_values.told_type,
        distinct_values.told_value,
        min(rules.rule_name) as rule_name,
        max(case when rules.is_person then 1 else 0 end) as is_person
    from distinct_values
    inner join rules
        on
            distinct_values.told_type = rules.told_type
            and {{ regexp_matches('distinct_values.told_value', 'rules.value_pattern') }}
    group by distinct_values.told_type, distinct_values.told_value

),

internal_records as (

    select
        told_values.record_key,
        min(internal_values.rule_name) as rule_name,
        max(internal_values.is_person) = 1 as is_person
    from told_values
    inner join internal_values
        on
            told_values.told_type = internal_values.told_type
            and told_values.told_value = internal_values.told_value
    group by told_values.record_key

)

select * from internal_records
