-- One row per record with weak identifiers only, on a device with sign-ins: the person who signed in nearest in time,
-- before or after. If two are equally near, the earlier sign-in counts.
with

identifiers as {{ not_materialized() }} (

    select * from {{ ref('int_identity__identifiers') }}

),

public_devices as (

    select * from {{ ref('int_identity__public_devices') }}

),

sign_ins as (

    select sign_ins.*
    from {{ ref('int_identity__sign_ins') }} as sign_ins
    left join public_devices
        on sign_ins.device_node = public_devices.device_node
    where public_devices.device_node is null

),

identified_records as (

    select distinct record_key
    from identifiers
    where tier = 1

),

signed_in_devices as (

    select
        device_node,
        case when min(customer_id) = max(customer_id) then min(customer_id) end as only_customer_id
    from sign_ins
    group by device_node

),

unknown_visits as (

    select
        identifiers.record_key,
        identifiers.node as device_node,
        identifiers.priority,
        identifiers.occurred_at,
        signed_in_devices.only_customer_id
    from identifiers
    inner join signed_in_devices
        on identifiers.node = signed_in_devices.device_node
    left join identified_records
        on identifiers.record_key = identified_records.record_key
    where
        identifiers.tier = 2
        and identified_records.record_key is null

),

-- Most devices belong to one person, who is the nearest whenever the visit was.
visits_to_one_person as (

    select
        record_key,
        device_node,
        priority,
        only_customer_id as customer_id
    from unknown_visits
    where only_customer_id is not null

),

shared_device_sign_ins as (

    select sign_ins.*
    from sign_ins
    inner join signed_in_devices
        on sign_ins.device_node = signed_in_devices.device_node
    where signed_in_devices.only_customer_id is null

),

shared_device_timelines as (

    select
        device_node,
        occurred_at,
        customer_id,
        occurred_at as signed_in_at,
        least_record_key as record_key,
        cast(null as {{ dbt.type_int() }}) as priority,
        0 as is_visit
    from shared_device_sign_ins
    union all
    select
        device_node,
        occurred_at,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        cast(null as {{ dbt.type_timestamp() }}) as signed_in_at,
        record_key,
        priority,
        1 as is_visit
    from unknown_visits
    where only_customer_id is null

),

-- Sign-ins of the same instant are ordered by record, not by customer id: ids depend on the order in which records
-- arrived.
{%- set forward = 'occurred_at, is_visit, record_key' %}
{%- set backward = 'occurred_at desc, is_visit, record_key desc' %}

surrounded_visits as (

    select
        record_key,
        device_node,
        priority,
        occurred_at,
        is_visit,
        {{ last_known('customer_id', 'device_node', forward) }} as customer_before,
        {{ last_known('signed_in_at', 'device_node', forward) }} as signed_in_before,
        {{ last_known('customer_id', 'device_node', backward) }} as customer_after,
        {{ last_known('signed_in_at', 'device_node', backward) }} as signed_in_after
    from shared_device_timelines

),

nearest_sign_ins as (

    select
        record_key,
        device_node,
        priority,
        case
            when customer_after is null then customer_before
            when customer_before is null then customer_after
            when
                {{ seconds_between('signed_in_before', 'occurred_at') }}
                <= {{ seconds_between('occurred_at', 'signed_in_after') }}
                then customer_before
            else customer_after
        end as customer_id
    from surrounded_visits
    where is_visit = 1

),

nearest_on_each_device as (

    select * from visits_to_one_person
    union all
    select * from nearest_sign_ins

),

ranked_devices as (

    select
        record_key,
        device_node,
        customer_id,
        row_number() over (partition by record_key order by priority, device_node) as device_rank
    from nearest_on_each_device

),

nearest_people as (

    select
        record_key,
        customer_id,
        device_node
    from ranked_devices
    where device_rank = 1

)

select * from nearest_people
