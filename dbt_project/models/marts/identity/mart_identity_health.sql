-- One row per run that changed something: how many people there are, how sure we are of them, and what the
-- run did to them.
{{ config(
    materialized='incremental', incremental_strategy=replacing_strategy(), unique_key='run_number',
    partition_by='run_number', full_refresh=false, on_schema_change='fail'
) }}

with

people as (

    select * from {{ ref('int_identity__people') }}

),

assignments as (

    select * from {{ ref('int_identity__assignments') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

dropped_links as (

    select * from {{ ref('int_identity__judged_links') }}
    where dropped_by is not null

),

hubs as (

    select * from {{ ref('int_identity__hubs') }}

),

largest_people as (

    select * from {{ ref('mart_identity_largest_people') }}

),

last_run as (

    select
        coalesce(max(run_number), 0) as run_number,
        max(assigned_at) as run_at
    from assignments

),

cluster_sizes as (

    select
        customer_id,
        count(*) as identifiers
    from people
    group by customer_id

),

size_distribution as (

    select
        count(*) as people,
        sum(case when identifiers = 1 then 1 else 0 end) as people_with_1_identifier,
        sum(case when identifiers between 2 and 5 then 1 else 0 end) as people_with_2_to_5_identifiers,
        sum(case when identifiers between 6 and 10 then 1 else 0 end) as people_with_6_to_10_identifiers,
        sum(case when identifiers > 10 then 1 else 0 end) as people_with_over_10_identifiers,
        max(identifiers) as largest_person_identifiers
    from cluster_sizes

),

resolution as (

    select
        count(*) as records,
        sum(case when is_identified then 1 else 0 end) as identified_records,
        sum(case when is_identified and tier > 1 then 1 else 0 end) as stitched_records,
        count(distinct case when not is_identified then customer_id end) as anonymous_customers
    from record_customers

),

last_assignments as (

    select assignments.*
    from assignments
    inner join last_run
        on assignments.run_number = last_run.run_number

),

changes as (

    select
        count(distinct case when change_type = 'founded' then customer_id end) as people_founded,
        count(distinct case when change_type = 'merged' then previous_customer_id end) as people_merged,
        count(distinct case when change_type = 'split' then customer_id end) as people_split
    from last_assignments

),

health as (

    select
        last_run.run_number,
        last_run.run_at,
        size_distribution.people,
        resolution.anonymous_customers,
        resolution.records,
        {{ safe_divide('resolution.identified_records', 'resolution.records') }} as identified_share,
        {{ safe_divide('resolution.stitched_records', 'resolution.records') }} as stitched_share,
        size_distribution.people_with_1_identifier,
        size_distribution.people_with_2_to_5_identifiers,
        size_distribution.people_with_6_to_10_identifiers,
        size_distribution.people_with_over_10_identifiers,
        size_distribution.largest_person_identifiers,
        largest_people.customer_id as largest_customer_id,
        largest_people.bridge as largest_person_bridge,
        changes.people_founded,
        changes.people_merged,
        changes.people_split,
        {{ safe_divide(
            'changes.people_merged', '(size_distribution.people + changes.people_merged)'
        ) }} as merged_share,
        (select count(*) from hubs) as hubs,
        (select count(*) from dropped_links) as dropped_links
    from last_run
    cross join size_distribution
    cross join resolution
    cross join changes
    left join largest_people
        on largest_people.size_rank = 1

)

select
    cast(run_number as {{ dbt.type_int() }}) as run_number,
    run_at,
    {%- for count_column in [
        'people', 'anonymous_customers', 'records', 'people_with_1_identifier', 'people_with_2_to_5_identifiers',
        'people_with_6_to_10_identifiers', 'people_with_over_10_identifiers', 'largest_person_identifiers',
        'people_founded', 'people_merged', 'people_split', 'hubs', 'dropped_links'
    ] %}
    cast(coalesce({{ count_column }}, 0) as {{ dbt.type_bigint() }}) as {{ count_column }},
    {%- endfor %}
    identified_share,
    stitched_share,
    merged_share,
    largest_customer_id,
    largest_person_bridge
from health
where run_number > 0
