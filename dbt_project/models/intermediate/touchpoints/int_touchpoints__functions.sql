-- One row per type of touchpoint: what it is for, whichever source or spelling reports it.
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
