-- One row per product, currency, pair of channels and pair of conflicting prices. The prices of a day on one channel
-- are compared with those of the nearest day, within the comparison days, on each other channel: a price that the other
-- channel did not show on that day is a conflict.
with

price_sightings as (

    select * from {{ ref('int_consistency__price_sightings') }}

),

daily_prices as (

    select
        product_id,
        currency,
        channel,
        seen_on,
        price,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from price_sightings
    group by product_id, currency, channel, seen_on, price

),

days as (

    select distinct
        product_id,
        currency,
        channel,
        seen_on
    from daily_prices

),

neighbouring_days as (

    select
        days.product_id,
        days.currency,
        days.channel,
        days.seen_on,
        others.channel as other_channel,
        others.seen_on as other_seen_on,
        row_number() over (
            partition by days.product_id, days.currency, days.channel, days.seen_on, others.channel
            order by abs({{ dbt.datediff('days.seen_on', 'others.seen_on', 'day') }}), others.seen_on
        ) as nearness_rank
    from days
    inner join days as others
        on
            days.product_id = others.product_id
            and days.currency = others.currency
            and days.channel <> others.channel
            and abs({{ dbt.datediff('days.seen_on', 'others.seen_on', 'day') }}) <= {{ var('consistency_days') }}

),

disagreements as (

    select
        prices.product_id,
        prices.currency,
        prices.channel,
        prices.price,
        prices.first_seen_at,
        prices.last_seen_at,
        other_prices.channel as other_channel,
        other_prices.price as other_price,
        other_prices.first_seen_at as other_first_seen_at,
        other_prices.last_seen_at as other_last_seen_at
    from neighbouring_days
    inner join daily_prices as prices
        on
            neighbouring_days.product_id = prices.product_id
            and neighbouring_days.currency = prices.currency
            and neighbouring_days.channel = prices.channel
            and neighbouring_days.seen_on = prices.seen_on
    inner join daily_prices as other_prices
        on
            neighbouring_days.product_id = other_prices.product_id
            and neighbouring_days.currency = other_prices.currency
            and neighbouring_days.other_channel = other_prices.channel
            and neighbouring_days.other_seen_on = other_prices.seen_on
    left join daily_prices as agreeing_prices
        on
            neighbouring_days.product_id = agreeing_prices.product_id
            and neighbouring_days.currency = agreeing_prices.currency
            and neighbouring_days.other_channel = agreeing_prices.channel
            and neighbouring_days.other_seen_on = agreeing_prices.seen_on
            and prices.price = agreeing_prices.price
    where
        neighbouring_days.nearness_rank = 1
        and agreeing_prices.price is null

),

sided_disagreements as (

    select
        product_id,
        currency,
        case when channel < other_channel then channel else other_channel end as channel_a,
        case when channel < other_channel then price else other_price end as price_a,
        case when channel < other_channel then other_channel else channel end as channel_b,
        case when channel < other_channel then other_price else price end as price_b,
        least(first_seen_at, other_first_seen_at) as began_at,
        greatest(first_seen_at, other_first_seen_at) as first_seen_at,
        greatest(last_seen_at, other_last_seen_at) as last_seen_at
    from disagreements

),

price_disagreements as (

    select
        product_id,
        currency,
        channel_a,
        price_a,
        channel_b,
        price_b,
        min(began_at) as began_at,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from sided_disagreements
    group by product_id, currency, channel_a, price_a, channel_b, price_b

)

select * from price_disagreements
