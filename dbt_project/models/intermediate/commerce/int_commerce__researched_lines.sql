-- One row per order line of a known customer with a product, with whether the customer had researched the product or
-- its category before: online before a purchase in a store or another place, in a place before a purchase online.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and direction = 'inbound'
        and stage in ('awareness', 'consideration', 'purchase')
        and conversion_kind is null
        and {{ is_counted() }}

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where key_type = 'product_id'

),

placings as (

    select
        touchpoint_id,
        is_identified
    from {{ ref('int_touchpoints__unioned') }}
    where
        is_conversion
        and conversion_kind = 'order'

),

channels as (

    select * from {{ ref('channels') }}

),

products as (

    select * from {{ ref('stg_store__products') }}

),

orders as (

    select * from {{ ref('int_commerce__orders') }}

),

order_lines as (

    select * from {{ ref('int_commerce__order_lines') }}
    where
        product_id is not null
        and not is_exchange

),

-- Messages and contacts with support are not research by the customer.
looks as (

    select
        touchpoints.customer_id,
        touchpoints.occurred_at,
        touchpoint_keys.key_value as product_id,
        channels.is_physical
    from touchpoints
    inner join touchpoint_keys
        on touchpoints.touchpoint_id = touchpoint_keys.touchpoint_id
    inner join channels
        on touchpoints.channel = channels.channel
    where channels.channel_group in ('digital', 'physical')

),

bought_lines as (

    select
        orders.customer_id,
        orders.ordered_at,
        orders.order_id,
        order_lines.line_number,
        order_lines.product_id,
        channels.is_physical
    from orders
    inner join order_lines
        on orders.order_id = order_lines.order_id
    inner join placings
        on orders.conversion_touchpoint_id = placings.touchpoint_id
    inner join channels
        on orders.channel_sold = channels.channel
    where
        placings.is_identified
        and channels.channel_group in ('digital', 'physical')

),

-- A line is joined with the research on the other side: online or in a place.
moments as (

    select
        customer_id,
        is_physical as is_look_in_place,
        product_id,
        occurred_at as moment_at,
        occurred_at as looked_at,
        cast(null as {{ dbt.type_string() }}) as order_id,
        cast(null as {{ dbt.type_bigint() }}) as line_number
    from looks
    union all
    select
        customer_id,
        not is_physical as is_look_in_place,
        product_id,
        ordered_at as moment_at,
        cast(null as {{ dbt.type_timestamp() }}) as looked_at,
        order_id,
        line_number
    from bought_lines

),

last_looks as (

    select
        moments.order_id,
        moments.line_number,
        moments.is_look_in_place,
        moments.moment_at as ordered_at,
        max(moments.looked_at) over (
            partition by moments.customer_id, moments.is_look_in_place, moments.product_id
            order by moments.moment_at
            range between unbounded preceding and current row
        ) as product_looked_at,
        case
            when products.category is not null
                then max(moments.looked_at) over (
                    partition by moments.customer_id, moments.is_look_in_place, products.category
                    order by moments.moment_at
                    range between unbounded preceding and current row
                )
        end as category_looked_at
    from moments
    left join products
        on moments.product_id = products.product_id

),

matched_lines as (

    select
        order_id,
        line_number,
        ordered_at,
        is_look_in_place,
        product_looked_at,
        category_looked_at,
        case
            when {{ days_between('product_looked_at', 'ordered_at') }} <= {{ var('research_lookback_days') }}
                then 'product'
            when {{ days_between('category_looked_at', 'ordered_at') }} <= {{ var('research_lookback_days') }}
                then 'category'
        end as research_match
    from last_looks
    where order_id is not null

),

researched_lines as (

    select
        order_id,
        line_number,
        case when not is_look_in_place then research_match is not null end as is_researched_online,
        case when is_look_in_place then research_match is not null end as is_researched_in_store,
        research_match,
        case research_match
            when 'product' then {{ days_between('product_looked_at', 'ordered_at') }}
            when 'category' then {{ days_between('category_looked_at', 'ordered_at') }}
        end as research_lag_days
    from matched_lines

)

select * from researched_lines
