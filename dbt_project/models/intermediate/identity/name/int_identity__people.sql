-- One row per strong identifier, with its person from the registry of ids.
with

clusters as (

    select * from {{ ref('int_identity__clusters') }}

),

assignments as (

    select * from {{ ref('int_identity__assignments') }}

),

ranked_assignments as (

    select
        node,
        customer_id,
        row_number() over (partition by node order by run_number desc) as recency_rank
    from assignments

),

people as (

    select
        clusters.node,
        clusters.component,
        ranked_assignments.customer_id
    from clusters
    inner join ranked_assignments
        on
            clusters.node = ranked_assignments.node
            and ranked_assignments.recency_rank = 1

)

select * from people
