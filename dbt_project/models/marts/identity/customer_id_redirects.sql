-- One row per customer_id that is no longer in use: the id that stands for that person now, since when, and
-- by which link.
with

assignments as (

    select * from {{ ref('int_identity__assignments') }}

),

people as (

    select distinct
        node,
        customer_id
    from {{ ref('int_identity__people') }}

),

current_ids as (

    select distinct customer_id
    from people

),

founders as (

    select
        customer_id,
        node
    from assignments
    where is_founder

),

departures as (

    select
        previous_customer_id as customer_id,
        link_id,
        effective_at,
        assigned_at,
        row_number() over (partition by previous_customer_id order by run_number desc, node asc) as recency_rank
    from assignments
    where previous_customer_id is not null

),

redirects as (

    select
        founders.customer_id as retired_customer_id,
        people.customer_id,
        departures.effective_at,
        departures.assigned_at as redirected_at,
        departures.link_id
    from founders
    inner join people
        on founders.node = people.node
    inner join departures
        on
            founders.customer_id = departures.customer_id
            and departures.recency_rank = 1
    left join current_ids
        on founders.customer_id = current_ids.customer_id
    where current_ids.customer_id is null

)

select * from redirects
