-- One row per person among the twenty who are known by the most identifiers, with the identifier that holds
-- most of the others together: the first places to look for a wrong merge.
with

people as (

    select * from {{ ref('int_identity__people') }}

),

links as (

    select * from {{ ref('int_identity__judged_links') }}
    where dropped_by is null

),

people_by_size as (

    select
        customer_id,
        count(*) as identifiers,
        row_number() over (order by count(*) desc, min(node)) as size_rank
    from people
    group by customer_id

),

largest_people as (

    select * from people_by_size
    where size_rank <= 20

),

link_ends as (

    select
        left_node as node,
        right_node as neighbour
    from links
    union
    select
        right_node as node,
        left_node as neighbour
    from links

),

bridges as (

    select
        people.customer_id,
        people.node,
        count(*) as bridged_identifiers,
        row_number() over (
            partition by people.customer_id
            order by count(*) desc, people.node
        ) as bridge_rank
    from people
    inner join largest_people
        on people.customer_id = largest_people.customer_id
    inner join link_ends
        on people.node = link_ends.node
    group by people.customer_id, people.node

)

select
    cast(largest_people.size_rank as {{ dbt.type_int() }}) as size_rank,
    largest_people.customer_id,
    cast(largest_people.identifiers as {{ dbt.type_bigint() }}) as identifiers,
    bridges.node as bridge,
    cast(coalesce(bridges.bridged_identifiers, 0) as {{ dbt.type_bigint() }}) as bridged_identifiers
from largest_people
left join bridges
    on
        largest_people.customer_id = bridges.customer_id
        and bridges.bridge_rank = 1
