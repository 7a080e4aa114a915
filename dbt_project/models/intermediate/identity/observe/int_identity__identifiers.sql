-- One row per record and usable identifier: normalised, with the tier of its type.
with

observed as (

    select * from {{ ref('int_identity__observed') }}

),

identifier_values as (

    select * from {{ ref('int_identity__values') }}

),

identifiers as (

    select distinct
        observed.record_key,
        observed.source_system,
        observed.occurred_at,
        observed.identifier_type,
        identifier_values.identifier_value,
        identifier_values.tier,
        identifier_values.priority,
        {{ dbt.concat(['observed.identifier_type', "':'", 'identifier_values.identifier_value']) }} as node
    from observed
    inner join identifier_values
        on
            observed.identifier_type = identifier_values.identifier_type
            and observed.raw_value = identifier_values.raw_value
            and observed.phone_country = identifier_values.phone_country
    where identifier_values.unusable_reason is null

)

select * from identifiers
