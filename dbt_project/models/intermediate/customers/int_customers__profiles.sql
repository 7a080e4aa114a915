-- One row per identified customer: name and contact, the best told value of each.
with

attributes as (

    select * from {{ ref('int_customers__attributes') }}
    where attribute_rank = 1

),

profiles as (

    select
        customer_id,
        max(case when attribute = 'first_name' then attribute_value end) as first_name,
        max(case when attribute = 'last_name' then attribute_value end) as last_name,
        max(case when attribute = 'full_name' then attribute_value end) as full_name_told,
        max(case when attribute = 'email' then attribute_value end) as email,
        max(case when attribute = 'phone' then attribute_value end) as phone,
        max(case when attribute = 'birth_date' then attribute_value end) as birth_date,
        max(case when attribute = 'postcode' then attribute_value end) as postcode,
        max(case when attribute = 'loyalty_id' then attribute_value end) as loyalty_id,
        max(case when attribute = 'loyalty_tier' then attribute_value end) as loyalty_tier
    from attributes
    group by customer_id

)

select
    customer_id,
    first_name,
    last_name,
    coalesce(
        case
            when first_name is not null and last_name is not null
                then {{ dbt.concat(['first_name', "' '", 'last_name']) }}
        end,
        full_name_told,
        first_name,
        last_name
    ) as full_name,
    email,
    phone,
    cast(birth_date as date) as birth_date,
    postcode,
    loyalty_id,
    loyalty_tier
from profiles
