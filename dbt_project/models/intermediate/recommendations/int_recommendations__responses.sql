-- One row per customer: the channel and the hour of the day at which they respond most, recent responses
-- counting more.
-- A response is an inbound touchpoint on a channel of ours; its weight halves with every half-life before the
-- customer's latest one. Service channels do not count, nor do message channels on which the customer has
-- refused messages.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__unioned') }}
    where
        customer_id is not null
        and direction = 'inbound'
        and {{ is_counted() }}
        and coalesce(consent_change, '') <> 'withdrawn'

),

channels as (

    select * from {{ ref('channels') }}
    where
        is_owned
        and channel_group <> 'service'

),

consent as (

    select * from {{ ref('int_customers__consent') }}
    where
        purpose = 'marketing'
        and valid_to is null
        and not is_granted

),

responses as (

    select
        touchpoints.customer_id,
        touchpoints.channel,
        cast(extract(
            hour from {{ local_timestamp('touchpoints.occurred_at', "coalesce(touchpoints.timezone, 'UTC')") }}
        ) as {{ dbt.type_int() }}) as local_hour,
        touchpoints.occurred_at,
        max(touchpoints.occurred_at) over (partition by touchpoints.customer_id) as last_response_at
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    left join consent
        on
            touchpoints.customer_id = consent.customer_id
            and touchpoints.channel = consent.channel
    where consent.channel is null

),

weighted_responses as (

    select
        customer_id,
        channel,
        local_hour,
        power(
            2, -{{ days_between('occurred_at', 'last_response_at') }} / {{ var('response_half_life_days') }}
        ) as weight
    from responses

),

channel_responses as (

    select
        customer_id,
        channel,
        row_number() over (
            partition by customer_id
            order by {{ rounded('sum(weight)', 9) }} desc, channel
        ) as response_rank
    from weighted_responses
    group by customer_id, channel

),

hour_responses as (

    select
        customer_id,
        local_hour,
        row_number() over (
            partition by customer_id
            order by {{ rounded('sum(weight)', 9) }} desc, local_hour
        ) as response_rank
    from weighted_responses
    group by customer_id, local_hour

),

best_responses as (

    select
        channel_responses.customer_id,
        channel_responses.channel as best_channel,
        hour_responses.local_hour as best_hour
    from channel_responses
    inner join hour_responses
        on channel_responses.customer_id = hour_responses.customer_id
    where
        channel_responses.response_rank = 1
        and hour_responses.response_rank = 1

)

select * from best_responses
