-- One row per record that could not be loaded, or per ten and more that are the same, without the record itself.
with

raw_rejects as (

    select * from {{ source('raw', 'rejects') }}

),

rejects as (

    select
        reject_id,
        source as source_system,
        table_name,
        reason,
        cast(coalesce(records, 1) as {{ dbt.type_bigint() }}) as records,
        {{ to_utc('rejected_at') }} as rejected_at
    from raw_rejects

)

select * from rejects
