-- One row per customer, with the preferred channels to browse, to buy and to get service. A touchpoint counts half as
-- much for each half-life of its age. Age is measured from the customer's last touchpoint, so the result does not
-- depend on the clock.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and direction = 'inbound'
        and {{ is_counted() }}

),

functions as (

    select * from {{ ref('int_touchpoints__functions') }}

),

channels as (

    select * from {{ ref('channels') }}
    where is_owned

),

dated_touchpoints as (

    select
        touchpoints.customer_id,
        touchpoints.channel,
        touchpoints.occurred_at,
        coalesce(functions.touchpoint_function, 'browse') as touchpoint_function,
        max(touchpoints.occurred_at) over (partition by touchpoints.customer_id) as last_occurred_at
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    left join functions
        on touchpoints.touchpoint_type = functions.touchpoint_type

),

-- Exact decimals: their sum does not depend on the order of rows.
channel_use as (

    select
        customer_id,
        touchpoint_function,
        channel,
        max(occurred_at) as last_used_at,
        sum(cast(
            {{ rounded(
                "power(0.5, " ~ days_between("occurred_at", "last_occurred_at")
                ~ " / " ~ var("preferred_channel_half_life_days") ~ ")", 12
            ) }} as decimal(28, 12)
        )) as weight
    from dated_touchpoints
    group by customer_id, touchpoint_function, channel

),

ranked_channels as (

    select
        *,
        row_number() over (
            partition by customer_id, touchpoint_function
            order by weight desc, last_used_at desc, channel asc
        ) as preference_rank
    from channel_use

),

preferred_channels as (

    select
        customer_id,
        max(case when touchpoint_function = 'browse' then channel end) as preferred_channel_browse,
        max(case when touchpoint_function = 'buy' then channel end) as preferred_channel_buy,
        max(case when touchpoint_function = 'service' then channel end) as preferred_channel_service
    from ranked_channels
    where preference_rank = 1
    group by customer_id

)

select * from preferred_channels
