-- One row per segment and definition that it has had: the condition, and the run that first evaluated it. The condition
-- is empty if the segment was removed from the seed.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false, on_schema_change='fail') }}

with

segments as (

    select * from {{ ref('segments') }}

),

{% if is_incremental() %}

known_definitions as (

    select * from {{ this }}

),

{% else %}

known_definitions as (

    select
        segment,
        condition,
        cast(null as {{ dbt.type_int() }}) as definition_number,
        {{ run_at() }} as defined_at
    from segments
    where 1 = 0

),

{% endif %}

ranked_definitions as (

    select
        *,
        row_number() over (partition by segment order by definition_number desc) as recency_rank
    from known_definitions

),

last_definitions as (

    select * from ranked_definitions
    where recency_rank = 1

),

definitions as (

    select
        coalesce(segments.segment, last_definitions.segment) as segment,
        segments.condition,
        cast(coalesce(last_definitions.definition_number, 0) + 1 as {{ dbt.type_int() }}) as definition_number,
        {{ run_at() }} as defined_at
    from segments
    full outer join last_definitions
        on segments.segment = last_definitions.segment
    where coalesce(segments.condition, '') <> coalesce(last_definitions.condition, '')

)

select * from definitions
