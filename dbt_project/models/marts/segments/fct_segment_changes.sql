-- One row per customer, segment and change: a run found the customer in the segment, or no longer in it.
-- What earlier runs found is kept, also by a full refresh: a customer's row says what is true now, so who was in a
-- segment on an earlier day cannot be computed again. A person who is merged into another leaves under the old id.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false, on_schema_change='fail') }}
{%- set segments = segment_conditions([ref('dim_customers'), ref('mart_customer_metrics')]) %}

with

customers as (

    select * from {{ ref('dim_customers') }}

),

customer_metrics as (

    select * from {{ ref('mart_customer_metrics') }}

),

definitions as (

    select * from {{ ref('int_segments__definitions') }}

),

{% if is_incremental() %}

known_changes as (

    select * from {{ this }}

),

{% else %}

known_changes as (

    select
        customer_id,
        cast(null as {{ dbt.type_string() }}) as segment,
        cast(null as {{ dbt.type_int() }}) as change_number,
        cast(null as {{ dbt.type_string() }}) as segment_change
    from customers
    where 1 = 0

),

{% endif %}

described_customers as (

    select
        customers.*,
        customer_metrics.rfm_segment,
        customer_metrics.expected_value_12m,
        customer_metrics.probability_alive,
        customer_metrics.purchases,
        customer_metrics.purchases_90d,
        customer_metrics.net_revenue_90d,
        customer_metrics.support_cases_90d,
        customer_metrics.carts_abandoned_90d,
        customer_metrics.days_since_first_touchpoint,
        customer_metrics.days_since_last_activity,
        customer_metrics.days_since_first_purchase,
        customer_metrics.days_since_last_purchase,
        customer_metrics.days_since_abandoned_cart,
        customer_metrics.marketing_channels_granted,
        customer_metrics.marketing_channels_withdrawn
    from customers
    inner join customer_metrics
        on customers.customer_id = customer_metrics.customer_id

),

members as (

    select
        customer_id,
        cast(null as {{ dbt.type_string() }}) as segment
    from described_customers
    where 1 = 0
    {%- for segment, condition in segments %}
    union all
    select
        customer_id,
        '{{ segment }}' as segment
    from described_customers
    where ({{ condition }}
    )
    {%- endfor %}

),

ranked_definitions as (

    select
        *,
        row_number() over (partition by segment order by definition_number desc) as recency_rank
    from definitions

),

last_definitions as (

    select
        segment,
        condition,
        definition_number,
        defined_at = {{ run_at() }} as is_changed
    from ranked_definitions
    where recency_rank = 1

),

ranked_changes as (

    select
        *,
        row_number() over (partition by customer_id, segment order by change_number desc) as recency_rank
    from known_changes

),

last_changes as (

    select
        customer_id,
        segment,
        change_number,
        segment_change
    from ranked_changes
    where recency_rank = 1

),

entries as (

    select
        members.customer_id,
        members.segment,
        cast(coalesce(last_changes.change_number, 0) + 1 as {{ dbt.type_int() }}) as change_number,
        'entered' as segment_change,
        case
            when last_definitions.is_changed and last_definitions.definition_number = 1 then 'segment_added'
            when last_definitions.is_changed then 'definition'
            else 'customer'
        end as cause
    from members
    left join last_changes
        on
            members.customer_id = last_changes.customer_id
            and members.segment = last_changes.segment
    left join last_definitions
        on members.segment = last_definitions.segment
    where coalesce(last_changes.segment_change, 'left') = 'left'

),

exits as (

    select
        last_changes.customer_id,
        last_changes.segment,
        cast(last_changes.change_number + 1 as {{ dbt.type_int() }}) as change_number,
        'left' as segment_change,
        case
            when customers.customer_id is null then 'identity'
            when last_definitions.condition is null then 'segment_removed'
            when last_definitions.is_changed then 'definition'
            else 'customer'
        end as cause
    from last_changes
    left join members
        on
            last_changes.customer_id = members.customer_id
            and last_changes.segment = members.segment
    left join customers
        on last_changes.customer_id = customers.customer_id
    left join last_definitions
        on last_changes.segment = last_definitions.segment
    where
        last_changes.segment_change = 'entered'
        and members.customer_id is null

),

segment_changes as (

    select
        *,
        {{ run_at() }} as changed_at
    from entries
    union all
    select
        *,
        {{ run_at() }} as changed_at
    from exits

)

select * from segment_changes
