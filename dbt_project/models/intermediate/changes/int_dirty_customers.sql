-- One row per customer whose touchpoints and journeys this run makes anew: those of whom the records, the
-- identity, or anything that their records name, is told otherwise than when everything was last built to the end.
-- What a run that was cut short had to make anew is still to be made.
{{ config(materialized='incremental', incremental_strategy='replace') }}

with

fingerprints as (

    select * from {{ ref('int_changes__fingerprints') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

record_keys as (

    select * from {{ ref('int_records__keys') }}

),

records as {{ not_materialized() }} (

    select * from {{ ref('int_records__unioned') }}

),

{% if is_incremental() %}

built as (

    select * from {{ last_build() }}

),

unfinished as (

    select earlier.customer_id
    from {{ this }} as earlier
    left join built
        on
            built.scope = 'project'
            and built.scope_key = 'run'
            and earlier.run_id = built.fingerprint
    where built.fingerprint is null

),

changes as (

    select
        coalesce(fingerprints.scope, built.scope) as scope,
        coalesce(fingerprints.scope_key, built.scope_key) as scope_key,
        min(coalesce(fingerprints.told, built.told)) as told
    from fingerprints
    full outer join built
        on
            fingerprints.told = built.told
            and fingerprints.scope = built.scope
            and fingerprints.scope_key = built.scope_key
    where
        coalesce(fingerprints.scope, built.scope) <> 'project'
        and coalesce(fingerprints.fingerprint, '') <> coalesce(built.fingerprint, '')
    group by
        coalesce(fingerprints.scope, built.scope),
        coalesce(fingerprints.scope_key, built.scope_key)

),

{% else %}

changes as (

    select
        scope,
        scope_key,
        'full refresh' as told
    from fingerprints
    where scope = 'customer'

),

{% endif %}

changed_records as (

    select
        record_keys.record_key,
        changes.told
    from record_keys
    inner join changes
        on
            record_keys.key_type = changes.scope
            and record_keys.key_value = changes.scope_key
    union all
    select
        records.record_key,
        changes.told
    from records
    inner join changes
        on
            changes.scope = 'location_id'
            and records.location_id = changes.scope_key
    union all
    select
        records.record_key,
        changes.told
    from records
    inner join changes
        on
            changes.scope = 'campaign_id'
            and records.campaign_id = changes.scope_key
    union all
    select
        scope_key as record_key,
        told
    from changes
    where scope = 'record'

),

found as (

    select
        scope_key as customer_id,
        told
    from changes
    where scope = 'customer'
    union all
    select
        coalesce(record_customers.customer_id, '') as customer_id,
        changed_records.told
    from changed_records
    left join record_customers
        on changed_records.record_key = record_customers.record_key
    {%- if is_incremental() %}
    union all
    select
        customer_id,
        'unfinished run' as told
    from unfinished
    {%- endif %}

),

dirty_customers as (

    select
        customer_id,
        min(told) as changed,
        cast('{{ invocation_id }}' as {{ dbt.type_string() }}) as run_id
    from found
    group by customer_id

)

select * from dirty_customers
