-- One row per source, raw table and reason for which records could not be loaded.
with

rejects as (

    select * from {{ ref('stg_ledger__rejects') }}

),

rejects_by_reason as (

    select
        source_system,
        coalesce(table_name, '(unknown)') as table_name,
        reason,
        cast(sum(records) as {{ dbt.type_bigint() }}) as records,
        min(rejected_at) as first_rejected_at,
        max(rejected_at) as last_rejected_at
    from rejects
    group by source_system, coalesce(table_name, '(unknown)'), reason

)

select * from rejects_by_reason
