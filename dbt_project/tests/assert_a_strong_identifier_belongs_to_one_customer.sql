-- A failing row is an account, card, address or number by which more than one customer is known: a person
-- was counted as two.
with

identifiers as (

    select * from {{ ref('identity_map') }}
    where tier = 1

)

select
    identifier_type,
    identifier_value,
    count(distinct customer_id) as customers
from identifiers
group by identifier_type, identifier_value
having
    count(distinct customer_id) <> 1
    or max(case when is_shared then 1 else 0 end) = 1
