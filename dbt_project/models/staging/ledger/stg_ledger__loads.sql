-- One row per object (a file, a table, a page of an API) and load, with how many of its records were loaded, repeated
-- or rejected.
with

load_ledger as (

    select * from {{ source('raw', 'load_ledger') }}

),

loads as (

    select
        source as source_system,
        table_name,
        cast(records_read as {{ dbt.type_bigint() }}) as records_read,
        cast(records_loaded as {{ dbt.type_bigint() }}) as records_loaded,
        cast(records_duplicate as {{ dbt.type_bigint() }}) as records_duplicate,
        cast(records_rejected as {{ dbt.type_bigint() }}) as records_rejected,
        {{ to_utc('loaded_at') }} as loaded_at
    from load_ledger

)

select * from loads
