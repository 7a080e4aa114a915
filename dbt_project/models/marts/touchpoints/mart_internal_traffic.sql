-- One row per rule of `internal_traffic` and customer that it left out of the figures: what was left out, and when.
-- A test card or a tester's machine is a row of its rule, with the customer it was used by if there is one.
with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where
        is_internal
        and not is_bot

),

internal_records as (

    select * from {{ ref('int_identity__internal_records') }}

),

internal_customers as (

    select * from {{ ref('int_identity__internal_customers') }}

),

classified_touchpoints as (

    select
        touchpoint_id,
        record_key
    from {{ ref('int_touchpoints__unioned') }}
    where is_internal

),

ruled_touchpoints as (

    select
        touchpoints.customer_id,
        touchpoints.occurred_at,
        coalesce(internal_customers.rule_name, internal_records.rule_name) as rule_name,
        internal_customers.customer_id is not null as is_person
    from touchpoints
    inner join classified_touchpoints
        on touchpoints.touchpoint_id = classified_touchpoints.touchpoint_id
    left join internal_records
        on classified_touchpoints.record_key = internal_records.record_key
    left join internal_customers
        on touchpoints.customer_id = internal_customers.customer_id

),

-- People who are known to be internal and did nothing are listed too.
all_traffic as (

    select
        rule_name,
        customer_id,
        is_person,
        occurred_at,
        1 as touchpoints
    from ruled_touchpoints
    union all
    select
        rule_name,
        customer_id,
        true as is_person,
        cast(null as {{ dbt.type_timestamp() }}) as occurred_at,
        0 as touchpoints
    from internal_customers

),

internal_traffic as (

    select
        rule_name,
        customer_id,
        is_person,
        cast(sum(touchpoints) as {{ dbt.type_bigint() }}) as touchpoints,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        {{ 'false' if var('include_internal') else 'true' }} as is_left_out
    from all_traffic
    group by rule_name, customer_id, is_person

)

select * from internal_traffic
