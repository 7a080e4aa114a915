-- One row per field and type of value that the records of an object had in a load.
with

observed_fields as (

    select * from {{ source('raw', 'observed_fields') }}

),

fields as (

    select
        source as source_system,
        table_name,
        object,
        field,
        value_type,
        cast(records as {{ dbt.type_bigint() }}) as records,
        {{ to_utc('loaded_at') }} as loaded_at
    from observed_fields

)

select * from fields
