-- One row per customer and stay in a household. An address with more people than a household may have, such as a hall
-- of residence, is no household. A move within the same household does not start a new stay.
with

stays as (

    select * from {{ ref('int_households__stays') }}

),

components as (

    select * from {{ ref('int_households__components') }}

),

naming_key as (

    select * from {{ ref('int_identity__naming_key') }}

),

members as (

    select
        stays.customer_id,
        stays.valid_from,
        stays.valid_to,
        {{ dbt.concat([
            "'hh_'", dbt.hash(dbt.concat(['naming_key.naming_key', 'components.component']))
        ]) }} as household_id
    from stays
    inner join components
        on stays.household_key = components.node
    cross join naming_key

),

sizes as (

    select
        household_id,
        count(distinct customer_id) as people
    from members
    group by household_id

),

household_members as (

    select
        members.customer_id,
        members.household_id,
        members.valid_from,
        members.valid_to,
        members.valid_to is null as is_current
    from members
    inner join sizes
        on members.household_id = sizes.household_id
    where sizes.people <= {{ var('household_max_people') }}

)

select * from household_members
