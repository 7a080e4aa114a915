-- One row per identifier: whose it is. A device that several people sign in on is shared, and named with its
-- latest person.
with

identifier_sightings as (

    select * from {{ ref('int_identity__sightings') }}

),

object_owners as (

    select * from {{ ref('int_identity__object_owners') }}

),

-- Who was seen at the same instant stands in the order of the records: an id depends on what was known when a
-- person was first met.
ranked_sightings as (

    select
        *,
        row_number() over (
            partition by node
            order by certainty desc, last_seen_at desc nulls last, least_record_key asc
        ) as certainty_rank,
        row_number() over (
            partition by node
            order by first_seen_at nulls last, least_record_key
        ) as sighting_number
    from identifier_sightings

),

identifier_customers as (

    select
        identifier_type,
        identifier_value,
        max(case when certainty_rank = 1 then customer_id end) as customer_id,
        max(tier) as tier,
        max(case when certainty_rank = 1 and is_identified then 1 else 0 end) = 1 as is_identified,
        count(distinct customer_id) > 1 as is_shared,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        max(case when sighting_number = 1 then source_system end) as source_system,
        cast(sum(records) as {{ dbt.type_bigint() }}) as records
    from ranked_sightings
    group by identifier_type, identifier_value

),

object_customers as (

    select
        key_type as identifier_type,
        key_value as identifier_value,
        customer_id,
        3 as tier,
        true as is_identified,
        is_shared,
        first_seen_at,
        last_seen_at,
        cast(null as {{ dbt.type_string() }}) as source_system,
        records
    from object_owners

),

identity_map as (

    select * from identifier_customers
    union all
    select * from object_customers

)

select * from identity_map
