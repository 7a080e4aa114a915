-- One row: of how many profiles with a name the prior of probabilistic matching is taken.
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
