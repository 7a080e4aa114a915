-- One row per customer and touchpoint, newest first: what happened, in words, for whoever answers the
-- customer next.
with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where
        customer_id is not null
        and not is_bot

),

touchpoint_keys as (

    select * from {{ ref('int_touchpoints__keys') }}
    where key_type = 'product_id'

),

channels as (

    select * from {{ ref('dim_channels') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

locations as (

    select * from {{ ref('dim_locations') }}

),

-- A campaign by the name that the customer's own message gives it.
campaigns as (

    select
        touchpoint_id,
        coalesce(campaign_name, campaign_id) as campaign_name
    from {{ ref('int_touchpoints__unioned') }}
    where campaign_id is not null

),

named_products as (

    select
        touchpoint_keys.touchpoint_id,
        count(*) as products,
        {{ string_list_agg('products.product_name', 'products.product_name', "', '") }} as product_names
    from touchpoint_keys
    inner join products
        on touchpoint_keys.key_value = products.product_id
    group by touchpoint_keys.touchpoint_id

),

details as (

    select
        touchpoints.*,
        channels.channel_name,
        case
            when touchpoints.is_arrival then null
            when named_products.products <= 3 then named_products.product_names
            when named_products.products > 3
                then {{ dbt.concat([dbt.cast('named_products.products', dbt.type_string()), "' products'"]) }}
        end as what,
        case
            when touchpoints.amount <> 0 and not touchpoints.is_arrival
                then {{ dbt.concat([money_text('touchpoints.amount'), "coalesce(' ' || touchpoints.currency, '')"]) }}
        end as how_much,
        {{ dbt.concat(["'order '", 'touchpoints.order_id']) }} as which_order,
        {{ dbt.concat(["'booking '", 'touchpoints.booking_id']) }} as which_booking,
        {{ dbt.concat(["'application '", 'touchpoints.application_id']) }} as which_application,
        {{ dbt.concat(["'ticket '", 'touchpoints.ticket_id']) }} as which_ticket,
        {{ dbt.concat(["'coupon '", 'touchpoints.coupon']) }} as which_coupon,
        {{ dbt.concat(["'at '", 'locations.location_name']) }} as at_location,
        {{ dbt.concat(["'campaign '", 'campaigns.campaign_name']) }} as by_campaign,
        case
            when touchpoints.direction = 'outbound' then null
            when touchpoints.emotion = 'frustration' then 'sounds frustrated'
            when touchpoints.emotion = 'joy' then 'sounds pleased'
        end as mood
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    left join named_products
        on touchpoints.touchpoint_id = named_products.touchpoint_id
    left join locations
        on touchpoints.location_id = locations.location_id
    left join campaigns
        on touchpoints.touchpoint_id = campaigns.touchpoint_id

),

timeline as (

    select
        touchpoint_id,
        customer_id,
        cast(row_number() over (
            partition by customer_id
            order by occurred_at desc, case when is_arrival then 1 else 0 end, touchpoint_id desc
        ) as {{ dbt.type_bigint() }}) as line_number,
        occurred_at,
        local_occurred_at,
        channel,
        direction,
        {{ dbt.concat(
            ['channel_name', "': '", 'touchpoint_name']
            + [
                "coalesce(' · ' || what, '')", "coalesce(' · ' || how_much, '')",
                "coalesce(' · ' || which_order, '')", "coalesce(' · ' || which_booking, '')",
                "coalesce(' · ' || which_application, '')", "coalesce(' · ' || which_ticket, '')",
                "coalesce(' · ' || which_coupon, '')", "coalesce(' · ' || at_location, '')",
                "coalesce(' · ' || by_campaign, '')", "coalesce(' · ' || mood, '')",
            ]
        ) }} as line,
        coalesce(message_text, search_query) as said,
        sentiment_label,
        emotion,
        is_friction,
        is_conversion,
        journey_id,
        session_id
    from details

)

select * from timeline
