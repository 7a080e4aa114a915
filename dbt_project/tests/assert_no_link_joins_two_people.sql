-- A failing row is a link that holds between two identifiers of different customers: the solver of people
-- stopped too early.
with

links as (

    select * from {{ ref('identity_links') }}

),

identifiers as (

    select * from {{ ref('identity_map') }}
    where tier = 1

)

select
    links.link_id,
    links.customer_id,
    left_identifiers.customer_id as left_customer_id,
    right_identifiers.customer_id as right_customer_id
from links
left join identifiers as left_identifiers
    on
        links.left_type = left_identifiers.identifier_type
        and links.left_value = left_identifiers.identifier_value
left join identifiers as right_identifiers
    on
        links.right_type = right_identifiers.identifier_type
        and links.right_value = right_identifiers.identifier_value
where
    coalesce(left_identifiers.customer_id, '') <> links.customer_id
    or coalesce(right_identifiers.customer_id, '') <> links.customer_id
