-- One row per record and message channel in which a person allowed or refused messages on that channel.
-- A statement made where messages are not sent (a website, a store) counts for every message channel. The
-- loyalty programme's answer counts from the day of enrolment, but is known to have been a refusal only since
-- the member's row last changed.
with

touchpoints as (

    select * from {{ ref('int_touchpoints__classified') }}
    where
        consent_change is not null
        and customer_id is not null

),

members as (

    select
        {{ record_key("'store'", "'members'", "member_id") }} as record_key,
        *
    from {{ ref('stg_store__members') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

channels as (

    select * from {{ ref('channels') }}

),

message_channels as (

    select channel
    from channels
    where channel_group = 'messaging'

),

made_statements as (

    select
        touchpoints.record_key,
        touchpoints.customer_id,
        message_channels.channel,
        touchpoints.channel as stated_on,
        touchpoints.occurred_at as stated_at,
        touchpoints.occurred_at as known_since,
        touchpoints.consent_change = 'granted' as is_granted
    from touchpoints
    inner join channels
        on touchpoints.channel = channels.channel
    inner join message_channels
        on touchpoints.channel = message_channels.channel or channels.channel_group <> 'messaging'

),

member_statements as (

    {% for channel in ['email', 'sms'] %}
    select
        members.record_key,
        record_customers.customer_id,
        '{{ channel }}' as channel,
        'store' as stated_on,
        members.enrolled_at as stated_at,
        coalesce(members.updated_at, members.enrolled_at) as known_since,
        members.consent_{{ channel }} as is_granted
    from members
    inner join record_customers
        on members.record_key = record_customers.record_key
    where members.consent_{{ channel }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {% endfor %}

),

consent_statements as (

    select * from made_statements
    union all
    select * from member_statements

)

select * from consent_statements
