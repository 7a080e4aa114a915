-- One row per identifier and span of time in which it belonged to one customer_id: ask it whose an identifier
-- was on any day.
with

assignments as (

    select * from {{ ref('int_identity__assignments') }}

),

history as (

    select
        node,
        customer_id,
        previous_customer_id,
        change_type,
        link_id,
        effective_at,
        assigned_at as valid_from,
        run_number,
        lead(assigned_at) over (partition by node order by run_number) as valid_to
    from assignments

)

select
    {{ dbt.split_part('node', "':'", 1) }} as identifier_type,
    substring(node, {{ dbt.position("':'", 'node') }} + 1) as identifier_value,
    customer_id,
    previous_customer_id,
    change_type,
    link_id,
    effective_at,
    valid_from,
    valid_to,
    valid_to is null as is_current,
    run_number
from history
