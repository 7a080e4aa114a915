-- One row per order, booking, application or ticket, with its owner: the customer of its first record that has a known
-- one.
with

record_keys as (

    select * from {{ ref('int_records__keys') }}

),

rules as (

    select * from {{ ref('identity_rules') }}
    where tier = 3

),

records as (

    select
        record_key,
        occurred_at
    from {{ ref('int_records__unioned') }}

),

known_records as (

    select * from {{ ref('int_identity__known_records') }}

),

ranked_claims as (

    select
        record_keys.key_type,
        record_keys.key_value,
        rules.priority,
        known_records.customer_id,
        records.occurred_at,
        row_number() over (
            partition by record_keys.key_type, record_keys.key_value
            order by known_records.tier, records.occurred_at, record_keys.record_key
        ) as claim_rank
    from record_keys
    inner join rules
        on record_keys.key_type = rules.identifier_type
    inner join known_records
        on record_keys.record_key = known_records.record_key
    inner join records
        on record_keys.record_key = records.record_key

),

object_owners as (

    select
        key_type,
        key_value,
        min(priority) as priority,
        max(case when claim_rank = 1 then customer_id end) as customer_id,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        count(*) as records,
        count(distinct customer_id) > 1 as is_shared
    from ranked_claims
    group by key_type, key_value

)

select * from object_owners
