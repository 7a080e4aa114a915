-- One row per identifier and change of its customer_id: the registry of ids, which a full refresh keeps. A person keeps
-- their first id. When people are merged, the older id stays. When one is split, the id stays with the identifier that
-- founded it, and the others get new ids. No id is ever reused.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false, on_schema_change='fail') }}

with

clusters as (

    select * from {{ ref('int_identity__clusters') }}

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where tier = 1

),

links as (

    select * from {{ ref('int_identity__judged_links') }}
    where dropped_by is null

),

naming_key as (

    select * from {{ ref('int_identity__naming_key') }}

),

{% if is_incremental() %}

registry as (

    select * from {{ this }}

),

{% else %}

registry as (

    select
        cast(null as {{ dbt.type_string() }}) as node,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        cast(null as {{ dbt.type_timestamp() }}) as effective_at,
        cast(null as {{ dbt.type_int() }}) as run_number,
        false as is_founder
    from clusters
    where 1 = 0

),

{% endif %}

ranked_assignments as (

    select
        node,
        customer_id,
        row_number() over (partition by node order by run_number desc) as recency_rank
    from registry

),

previous_assignments as (

    select
        node,
        customer_id
    from ranked_assignments
    where recency_rank = 1

),

founders as (

    select
        customer_id,
        node,
        effective_at as founded_at,
        run_number
    from registry
    where is_founder

),

this_run as (

    select coalesce(max(run_number), 0) + 1 as run_number from registry

),

seen_nodes as (

    select
        node,
        min(occurred_at) as first_seen_at
    from identifiers
    group by node

),

cluster_nodes as (

    select
        clusters.node,
        clusters.component,
        seen_nodes.first_seen_at,
        previous_assignments.customer_id as previous_customer_id,
        row_number() over (
            partition by clusters.component
            order by seen_nodes.first_seen_at nulls last, clusters.node
        ) as seniority
    from clusters
    left join seen_nodes
        on clusters.node = seen_nodes.node
    left join previous_assignments
        on clusters.node = previous_assignments.node

),

claims as (

    select
        cluster_nodes.component,
        cluster_nodes.previous_customer_id as customer_id,
        min(founders.founded_at) as founded_at,
        min(founders.run_number) as founded_in_run,
        row_number() over (
            partition by cluster_nodes.previous_customer_id
            order by
                max(case when cluster_nodes.node = founders.node then 1 else 0 end) desc,
                count(*) desc, cluster_nodes.component
        ) as claim_rank
    from cluster_nodes
    left join founders
        on cluster_nodes.previous_customer_id = founders.customer_id
    where cluster_nodes.previous_customer_id is not null
    group by cluster_nodes.component, cluster_nodes.previous_customer_id

),

ranked_survivors as (

    select
        component,
        customer_id,
        row_number() over (
            partition by component
            order by founded_in_run, founded_at nulls last, customer_id
        ) as age_rank
    from claims
    where claim_rank = 1

),

survivors as (

    select
        component,
        customer_id
    from ranked_survivors
    where age_rank = 1

),

senior_nodes as (

    select
        cluster_nodes.component,
        cluster_nodes.node,
        {{ customer_id('cluster_nodes.node', 'naming_key.naming_key') }} as first_id,
        {{ customer_id(
            dbt.concat(['cluster_nodes.node', "'#'", 'this_run.run_number']), 'naming_key.naming_key'
        ) }} as id_of_run
    from cluster_nodes
    cross join this_run
    cross join naming_key
    where cluster_nodes.seniority = 1

),

component_ids as (

    select
        senior_nodes.component,
        senior_nodes.node as senior_node,
        survivors.customer_id is null as is_new,
        case
            when survivors.customer_id is not null then survivors.customer_id
            when founders.customer_id is null then senior_nodes.first_id
            else senior_nodes.id_of_run
        end as customer_id
    from senior_nodes
    left join survivors
        on senior_nodes.component = survivors.component
    left join founders
        on senior_nodes.first_id = founders.customer_id

),

changed_nodes as (

    select
        cluster_nodes.node,
        component_ids.customer_id,
        cluster_nodes.previous_customer_id,
        cluster_nodes.first_seen_at,
        component_ids.is_new and cluster_nodes.node = component_ids.senior_node as is_founder,
        case
            when cluster_nodes.previous_customer_id is null and component_ids.is_new then 'founded'
            when cluster_nodes.previous_customer_id is null then 'joined'
            when surviving_ids.customer_id is null then 'merged'
            else 'split'
        end as change_type
    from cluster_nodes
    inner join component_ids
        on cluster_nodes.component = component_ids.component
    left join survivors as surviving_ids
        on cluster_nodes.previous_customer_id = surviving_ids.customer_id
    where coalesce(cluster_nodes.previous_customer_id, '') <> component_ids.customer_id

),

-- Links between identifiers that had different customers, or none, before this run.
joining_links as (

    select
        lefts.previous_customer_id as left_customer_id,
        rights.previous_customer_id as right_customer_id,
        links.link_id,
        links.first_seen_at
    from links
    inner join cluster_nodes as lefts
        on links.left_node = lefts.node
    inner join cluster_nodes as rights
        on links.right_node = rights.node
    where coalesce(lefts.previous_customer_id, '') <> coalesce(rights.previous_customer_id, '')

),

customer_joins as (

    select
        left_customer_id as customer_id,
        link_id,
        first_seen_at
    from joining_links
    where left_customer_id is not null
    union all
    select
        right_customer_id as customer_id,
        link_id,
        first_seen_at
    from joining_links
    where right_customer_id is not null

),

ranked_joins as (

    select
        customer_id,
        link_id,
        first_seen_at,
        row_number() over (partition by customer_id order by first_seen_at nulls last, link_id) as join_rank
    from customer_joins

),

assignments as (

    select
        changed_nodes.node,
        changed_nodes.customer_id,
        changed_nodes.previous_customer_id,
        changed_nodes.change_type,
        changed_nodes.is_founder,
        case when changed_nodes.change_type = 'merged' then ranked_joins.link_id end as link_id,
        case
            when changed_nodes.change_type = 'merged' then coalesce(ranked_joins.first_seen_at, {{ run_at() }})
            when changed_nodes.change_type = 'split' then {{ run_at() }}
            else changed_nodes.first_seen_at
        end as effective_at,
        {{ run_at() }} as assigned_at,
        cast(this_run.run_number as {{ dbt.type_int() }}) as run_number
    from changed_nodes
    cross join this_run
    left join ranked_joins
        on
            changed_nodes.previous_customer_id = ranked_joins.customer_id
            and ranked_joins.join_rank = 1

)

select * from assignments
