-- One row per day, channel and campaign on which the brand wrote to customers: how many messages were sent, and what
-- became of them until now.
with

messages as (

    select * from {{ ref('int_journeys__messages') }}

),

outreach as (

    select
        sent_on as {{ adapter.quote('date') }},
        channel,
        campaign_id,
        count(*) as sent,
        {{ count_where('is_delivered') }} as delivered,
        {{ count_where('is_bounced and not is_delivered') }} as bounced,
        {{ count_where('is_opened') }} as opened,
        {{ count_where('is_clicked') }} as clicked,
        {{ count_where('is_answered') }} as responded
    from messages
    group by sent_on, channel, campaign_id

),

rated_outreach as (

    select
        *,
        {{ safe_divide('delivered', 'sent') }} as delivery_rate,
        {{ safe_divide('opened', 'delivered') }} as open_rate,
        {{ safe_divide('clicked', 'delivered') }} as click_rate,
        {{ safe_divide('responded', 'sent') }} as response_rate
    from outreach

)

select * from rated_outreach
