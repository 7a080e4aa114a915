-- One row per customer, segment and period in which runs found the customer in it.
with

changes as (

    select * from {{ ref('fct_segment_changes') }}

),

segments as (

    select * from {{ ref('segments') }}

),

followed_changes as (

    select
        *,
        lead(changed_at) over (partition by customer_id, segment order by change_number) as left_at,
        lead(cause) over (partition by customer_id, segment order by change_number) as left_because
    from changes

),

membership as (

    select
        followed_changes.customer_id,
        followed_changes.segment,
        cast((followed_changes.change_number + 1) / 2 as {{ dbt.type_int() }}) as period_number,
        coalesce(segments.segment_name, followed_changes.segment) as segment_name,
        segments.owner as segment_owner,
        followed_changes.changed_at as entered_at,
        followed_changes.cause as entered_because,
        followed_changes.left_at,
        followed_changes.left_because,
        followed_changes.left_at is null as is_current
    from followed_changes
    left join segments
        on followed_changes.segment = segments.segment
    where followed_changes.segment_change = 'entered'

)

select * from membership
