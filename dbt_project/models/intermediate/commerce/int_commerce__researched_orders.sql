-- One row per order of a known customer, with the research of its best line.
with

researched_lines as (

    select * from {{ ref('int_commerce__researched_lines') }}

),

ranked_lines as (

    select
        *,
        row_number() over (
            partition by order_id
            order by
                case research_match when 'product' then 1 when 'category' then 2 else 3 end,
                research_lag_days,
                line_number
        ) as line_rank
    from researched_lines

),

researched_orders as (

    select
        order_id,
        is_researched_online,
        is_researched_in_store,
        research_match,
        research_lag_days
    from ranked_lines
    where line_rank = 1

)

select * from researched_orders
