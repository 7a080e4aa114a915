-- One row per warehouse: the number of profiles with a name, which sets the prior of probabilistic matching.
with

profiles as (

    select * from {{ ref('int_identity__source_profiles') }}
    where
        first_name is not null
        or last_name is not null

),

match_prior as (

    select count(*) as profiles
    from profiles

)

select * from match_prior
