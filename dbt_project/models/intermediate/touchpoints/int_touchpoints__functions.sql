-- One row per type of touchpoint, with its function for the customer, the same for every source and spelling.
with

touchpoint_types as (

    select * from {{ ref('touchpoint_types') }}

),

functions as (

    select distinct
        touchpoint_type,
        touchpoint_function
    from touchpoint_types

)

select * from functions
