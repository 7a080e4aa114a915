-- One row per conflict and known customer who met it.
with

conflicts as (

    select * from {{ ref('mart_consistency') }}

),

exposures as (

    select * from {{ ref('int_consistency__exposures') }}

),

-- What differs of a customer's own contact or consent concerns that customer.
own_conflicts as (

    select
        conflict_id,
        conflict,
        customer_id,
        sightings,
        true as saw_side_a,
        true as saw_side_b,
        first_seen_at as first_exposed_at,
        last_seen_at as last_exposed_at
    from conflicts
    where customer_id is not null

),

shared_conflicts as (

    select
        conflicts.conflict_id,
        conflicts.conflict,
        exposures.customer_id,
        exposures.sightings,
        exposures.saw_side_a,
        exposures.saw_side_b,
        exposures.first_exposed_at,
        exposures.last_exposed_at
    from conflicts
    inner join exposures
        on
            conflicts.conflict = exposures.conflict
            and conflicts.subject = exposures.subject
            and conflicts.channel_a = exposures.channel_a
            and conflicts.value_a = exposures.value_a
            and conflicts.channel_b = exposures.channel_b
            and conflicts.value_b = exposures.value_b
            and coalesce(conflicts.currency, '') = coalesce(exposures.currency, '')

),

all_exposures as (

    select * from own_conflicts
    union all
    select * from shared_conflicts

),

described_exposures as (

    select
        conflict_id,
        customer_id,
        conflict,
        cast(sightings as {{ dbt.type_bigint() }}) as sightings,
        saw_side_a,
        saw_side_b,
        saw_side_a and saw_side_b as saw_both_sides,
        first_exposed_at,
        last_exposed_at
    from all_exposures

)

select * from described_exposures
