-- One row per strong identifier and identifier that a record contains together with it. Each link has a row for either
-- end.
{{ config(materialized='view') }}

with

record_links as (

    select * from {{ ref('int_identity__record_links') }}

),

neighbours as (

    select
        left_node as node,
        left_type as identifier_type,
        left_value as identifier_value,
        right_node as neighbour_node,
        right_type as neighbour_type,
        first_seen_at,
        last_seen_at,
        records
    from record_links
    union all
    select
        right_node as node,
        right_type as identifier_type,
        right_value as identifier_value,
        left_node as neighbour_node,
        left_type as neighbour_type,
        first_seen_at,
        last_seen_at,
        records
    from record_links

)

select * from neighbours
