-- One row per customer whose rows will change by the passing of time alone, without a new record, with the first
-- instant of change. Journeys, carts and forms become abandoned, customers lapse, and products that a customer buys
-- regularly become due.
{%- set timeout = var('journey_timeout_days') %}
with

journeys as (

    select * from {{ ref('int_journeys__described') }}

),

carts as (

    select * from {{ ref('int_carts__described') }}

),

forms as (

    select * from {{ ref('int_journeys__forms') }}

),

purchase_totals as (

    select * from {{ ref('int_customers__purchase_totals') }}

),

purchases as (

    select * from {{ ref('int_commerce__product_purchases') }}
    where times_bought >= 3

),

instants as (

    select
        customer_id,
        {{ add_days('coalesce(last_inbound_at, started_at)', timeout) }} as due_at
    from journeys
    where kind = 'purchase'
    {%- for started in ['carts', 'forms'] %}
    union all
    select
        customer_id,
        {{ add_days('last_active_at', timeout) }} as due_at
    from {{ started }}
    {%- endfor %}
    {%- for days in [90, 180] %}
    union all
    select
        customer_id,
        {{ add_days('last_purchase_at', days) }} as due_at
    from purchase_totals
    {%- endfor %}
    union all
    select
        customer_id,
        {{ add_seconds(
            'last_bought_at',
            'cast(ceil(' ~ seconds_between('first_bought_at', 'last_bought_at') ~ ' / (times_bought - 1)) as '
            ~ dbt.type_bigint() ~ ')'
        ) }} as due_at
    from purchases

),

due as (

    select
        customer_id,
        min(due_at) as due_at
    from instants
    where
        customer_id is not null
        and due_at >= {{ add_seconds(run_at(), -1) }}
    group by customer_id

)

select * from due
