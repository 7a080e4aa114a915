-- One row per run, source and raw table: how many records were read, and what became of them.
with

loads as (

    select * from {{ ref('stg_ledger__loads') }}

),

loads_by_run as (

    select
        loaded_at,
        source_system,
        coalesce(table_name, '(unknown)') as table_name,
        count(*) as deliveries,
        cast(sum(records_read) as {{ dbt.type_bigint() }}) as records_read,
        cast(sum(records_loaded) as {{ dbt.type_bigint() }}) as records_loaded,
        cast(sum(records_duplicate) as {{ dbt.type_bigint() }}) as records_duplicate,
        cast(sum(records_rejected) as {{ dbt.type_bigint() }}) as records_rejected
    from loads
    group by loaded_at, source_system, coalesce(table_name, '(unknown)')

)

select * from loads_by_run
