-- One row per identified customer: name and contact. Each has the value that the survivorship rule chose, the source
-- that stated it, and when it was last stated.
with

attributes as (

    select * from {{ ref('int_customers__attributes') }}
    where attribute_rank = 1

),

profiles as (

    select
        {%- for attribute in [
            'first_name', 'last_name', 'full_name', 'email', 'phone', 'birth_date', 'postcode', 'loyalty_id', 'loyalty_tier'
        ] %}
        max(case when attribute = '{{ attribute }}' then attribute_value end) as {{ attribute }},
        max(case when attribute = '{{ attribute }}' then source end) as {{ attribute }}_source,
        max(case when attribute = '{{ attribute }}' then last_told_at end) as {{ attribute }}_updated_at,
        {%- endfor %}
        customer_id
    from attributes
    group by customer_id

),

-- A full name is composed if both parts are known, and is as recent as the more recent part.
named_profiles as (

    select
        *,
        first_name is not null and last_name is not null as is_name_of_parts,
        coalesce(first_name_updated_at > last_name_updated_at, false) as is_first_name_newer
    from profiles

)

select
    customer_id,
    first_name,
    first_name_source,
    first_name_updated_at,
    last_name,
    last_name_source,
    last_name_updated_at,
    case
        when is_name_of_parts then {{ dbt.concat(['first_name', "' '", 'last_name']) }}
        else coalesce(full_name, first_name, last_name)
    end as full_name,
    case
        when is_name_of_parts and is_first_name_newer then first_name_source
        when is_name_of_parts then last_name_source
        when full_name is not null then full_name_source
        else coalesce(first_name_source, last_name_source)
    end as full_name_source,
    case
        when is_name_of_parts and is_first_name_newer then first_name_updated_at
        when is_name_of_parts then last_name_updated_at
        when full_name is not null then full_name_updated_at
        else coalesce(first_name_updated_at, last_name_updated_at)
    end as full_name_updated_at,
    email,
    email_source,
    email_updated_at,
    phone,
    phone_source,
    phone_updated_at,
    cast(birth_date as date) as birth_date,
    birth_date_source,
    birth_date_updated_at,
    postcode,
    postcode_source,
    postcode_updated_at,
    loyalty_id,
    loyalty_tier
from named_profiles
