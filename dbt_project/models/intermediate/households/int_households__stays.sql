-- One row per customer and postal address that they stated, until they stated another one. Two people with the same
-- surname at the same address are one household, so surname and address together are its key.
with

stated_attributes as (

    select * from {{ ref('int_identity__stated_attributes') }}
    where
        street is not null
        and coalesce(postcode, city) is not null

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}
    where tier = 1

),

profiles as (

    select
        customer_id,
        {{ plain_words('last_name') }} as surname
    from {{ ref('int_customers__profiles') }}

),

stated_addresses as (

    select
        record_customers.customer_id,
        stated_attributes.record_key,
        stated_attributes.occurred_at,
        {{ dbt.concat([
            'stated_attributes.street', "', '", 'coalesce(stated_attributes.postcode, stated_attributes.city)'
        ]) }} as address
    from stated_attributes
    inner join record_customers
        on stated_attributes.record_key = record_customers.record_key

),

compared_addresses as (

    select
        *,
        lag(address) over (partition by customer_id order by occurred_at, record_key) as previous_address
    from stated_addresses

),

numbered_stays as (

    select
        *,
        sum(case when address = previous_address then 0 else 1 end) over (
            partition by customer_id
            order by occurred_at, record_key
            rows between unbounded preceding and current row
        ) as stay_number
    from compared_addresses

),

stays as (

    select
        customer_id,
        stay_number,
        address,
        min(occurred_at) as valid_from
    from numbered_stays
    group by customer_id, stay_number, address

),

named_stays as (

    select
        stays.customer_id,
        stays.stay_number,
        stays.address,
        stays.valid_from,
        lead(stays.valid_from) over (partition by stays.customer_id order by stays.stay_number) as valid_to,
        {{ dbt.concat(['stays.address', "'|'", "coalesce(profiles.surname, stays.customer_id)"]) }} as household_key
    from stays
    left join profiles
        on stays.customer_id = profiles.customer_id

)

select * from named_stays
