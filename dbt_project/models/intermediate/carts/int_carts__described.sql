-- One row per chain of linked carts, with all that follows from its touchpoints and products, without what depends on
-- the clock.
with

cart_touchpoints as (

    select * from {{ ref('int_carts__touchpoints') }}

),

cart_chains as (

    select * from {{ ref('int_carts__chains') }}

),

cart_lines as (

    select * from {{ ref('int_carts__lines') }}

),

chained_touchpoints as (

    select
        cart_touchpoints.*,
        cart_chains.component,
        row_number() over (
            partition by cart_chains.component
            order by cart_touchpoints.customer_position
        ) as position_in_cart,
        row_number() over (
            partition by cart_chains.component
            order by
                case when cart_touchpoints.direction = 'inbound' then 0 else 1 end,
                cart_touchpoints.customer_position desc
        ) as position_from_end,
        coalesce(cart_touchpoints.device_key, cart_touchpoints.channel) as device
    from cart_touchpoints
    inner join cart_chains
        on cart_touchpoints.cart_node = cart_chains.node

),

device_changes as (

    select
        *,
        lag(device) over (partition by component order by customer_position) as previous_device,
        lag(channel) over (partition by component order by customer_position) as previous_channel
    from chained_touchpoints

),

resumptions as (

    select
        component,
        channel,
        occurred_at,
        row_number() over (partition by component order by customer_position) as resumption_number
    from device_changes
    where
        device <> previous_device
        or channel <> previous_channel

),

resumed_carts as (

    select
        component,
        count(*) as resumptions,
        max(case when resumption_number = 1 then channel end) as resumed_channel,
        max(case when resumption_number = 1 then occurred_at end) as resumed_at
    from resumptions
    group by component

),

cart_ids as (

    select
        component,
        count(*) as cart_ids_used,
        {{ string_list_agg('cart_id', 'first_position', "', '") }} as cart_ids,
        max(case when recency_rank = 1 then cart_id end) as last_cart_id
    from (
        select
            component,
            cart_id,
            min(customer_position) as first_position,
            row_number() over (partition by component order by max(customer_position) desc) as recency_rank
        from chained_touchpoints
        where cart_id is not null
        group by component, cart_id
    ) as distinct_cart_ids
    group by component

),

channel_paths as (

    select
        component,
        {{ string_list_agg('channel', 'customer_position', "' > '") }} as channel_path
    from device_changes
    where previous_channel is null or previous_channel <> channel
    group by component

),

-- A cart that was started over contains each product once, not once per cart id.
chain_products as (

    select
        cart_chains.component,
        cart_lines.product_id,
        max(cart_lines.quantity) as quantity,
        max(cart_lines.price) as price,
        max(cart_lines.currency) as currency
    from cart_lines
    inner join cart_chains
        on cart_lines.cart_node = cart_chains.node
    group by cart_chains.component, cart_lines.product_id

),

contents as (

    select
        component,
        count(*) as products,
        sum(quantity) as items,
        sum({{ to_money('quantity * price') }}) as cart_value,
        max(currency) as currency
    from chain_products
    where quantity > 0
    group by component

),

carts as (

    select
        component,
        max(customer_id) as customer_id,
        max(case when position_from_end = 1 then journey_id end) as journey_id,
        min(occurred_at) as started_at,
        max(case when position_in_cart = 1 then channel end) as started_channel,
        max(case when position_in_cart = 1 then device_key end) as started_device_id,
        max(case when position_from_end = 1 then occurred_at end) as last_active_at,
        max(case when position_from_end = 1 then channel end) as last_channel,
        max(case when position_from_end = 1 then device_key end) as last_device_id,
        count(*) as touchpoints,
        count(distinct device) as devices,
        count(distinct channel) as channels,
        max(case when is_purchase then occurred_at end) as bought_at,
        max(case when is_purchase then channel end) as bought_channel,
        max(case when is_purchase then order_id end) as order_id
    from chained_touchpoints
    group by component

),

described_carts as (

    select
        carts.*,
        cart_ids.cart_ids,
        cart_ids.cart_ids_used,
        cart_ids.last_cart_id,
        channel_paths.channel_path,
        resumed_carts.resumed_at,
        resumed_carts.resumed_channel,
        contents.cart_value,
        contents.currency,
        coalesce(resumed_carts.resumptions, 0) as resumptions,
        coalesce(contents.products, 0) as products,
        coalesce(contents.items, 0) as items
    from carts
    inner join cart_ids
        on carts.component = cart_ids.component
    inner join channel_paths
        on carts.component = channel_paths.component
    left join resumed_carts
        on carts.component = resumed_carts.component
    left join contents
        on carts.component = contents.component

)

select * from described_carts
