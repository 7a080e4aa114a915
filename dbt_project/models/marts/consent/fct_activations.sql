-- One row per sending of a customer to the destination of an audience, or removal from it, with the consent as it was
-- then. A removal names the member as the sending did, by a key of the destination.
with

activations as (

    select * from {{ ref('stg_marketing__activations') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}

),

channels as (

    select * from {{ ref('channels') }}

),

consent as (

    select * from {{ ref('int_customers__consent') }}

),

additions as (

    select
        activations.audience,
        activations.member_key,
        record_customers.customer_id,
        row_number() over (
            partition by activations.audience, activations.member_key
            order by activations.sent_at desc, activations.record_key asc
        ) as recency_rank
    from activations
    inner join record_customers
        on activations.record_key = record_customers.record_key
    where activations.activation_action = 'added'

),

customers_activations as (

    select
        activations.record_key,
        activations.audience,
        activations.activation_action,
        activations.destination,
        activations.purpose,
        activations.sent_at,
        activations.consent_event_id,
        coalesce(record_customers.customer_id, additions.customer_id) as customer_id,
        coalesce(channels.channel, 'other') as channel
    from activations
    left join record_customers
        on activations.record_key = record_customers.record_key
    left join additions
        on
            activations.audience = additions.audience
            and activations.member_key = additions.member_key
            and additions.recency_rank = 1
    left join channels
        on activations.channel = channels.channel

),

-- Advertising is on whatever channel the consent was given: one refusal is enough.
consents_then as (

    select
        customers_activations.record_key,
        min(case when consent.is_granted then 1 else 0 end) = 1 as is_granted
    from customers_activations
    inner join consent
        on
            customers_activations.customer_id = consent.customer_id
            and customers_activations.purpose = consent.purpose
            and (customers_activations.channel = consent.channel or customers_activations.purpose = 'advertising')
            and customers_activations.sent_at >= consent.valid_from
            and (consent.valid_to is null or customers_activations.sent_at < consent.valid_to)
    group by customers_activations.record_key

),

judged_activations as (

    select
        customers_activations.record_key as activation_id,
        customers_activations.customer_id,
        customers_activations.audience,
        customers_activations.activation_action,
        customers_activations.channel,
        customers_activations.destination,
        customers_activations.purpose,
        customers_activations.sent_at,
        customers_activations.consent_event_id,
        case
            when consents_then.is_granted then 'granted'
            when not consents_then.is_granted then 'withdrawn'
            else 'unknown'
        end as consent_status,
        customers_activations.activation_action = 'added'
        and not coalesce(consents_then.is_granted, false) as is_against_consent
    from customers_activations
    left join consents_then
        on customers_activations.record_key = consents_then.record_key

)

select * from judged_activations
