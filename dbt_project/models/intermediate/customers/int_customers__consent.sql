-- One row per customer, purpose, channel and period with the same answer: withdrawn while any refusal stands, else
-- granted. Before the first period the customer has given no answer.
with

consent_events as (

    select * from {{ ref('int_customers__consent_events') }}

),

marks as (

    select
        customer_id,
        purpose,
        channel,
        stated_at as marked_at,
        case when is_granted then 0 else 1 end as refusals
    from consent_events
    union all
    select
        customer_id,
        purpose,
        channel,
        lifted_at as marked_at,
        -1 as refusals
    from consent_events
    where lifted_at is not null

),

instants as (

    select
        customer_id,
        purpose,
        channel,
        marked_at,
        sum(refusals) as refusals
    from marks
    group by customer_id, purpose, channel, marked_at

),

states as (

    select
        customer_id,
        purpose,
        channel,
        marked_at,
        sum(refusals) over (
            partition by customer_id, purpose, channel
            order by marked_at
            rows between unbounded preceding and current row
        ) = 0 as is_granted
    from instants

),

compared_states as (

    select
        *,
        lag(is_granted) over (
            partition by customer_id, purpose, channel
            order by marked_at
        ) as was_granted
    from states

),

periods as (

    select
        customer_id,
        purpose,
        channel,
        is_granted,
        marked_at as valid_from,
        lead(marked_at) over (
            partition by customer_id, purpose, channel
            order by marked_at
        ) as valid_to
    from compared_states
    where was_granted is null or was_granted <> is_granted

),

deciding_events as (

    select
        periods.customer_id,
        periods.purpose,
        periods.channel,
        periods.valid_from,
        min(consent_events.consent_event_id) as decided_by
    from periods
    inner join consent_events
        on
            periods.customer_id = consent_events.customer_id
            and periods.purpose = consent_events.purpose
            and periods.channel = consent_events.channel
            and periods.valid_from = consent_events.stated_at
            and periods.is_granted = consent_events.is_granted
    group by periods.customer_id, periods.purpose, periods.channel, periods.valid_from

),

consent as (

    select
        periods.*,
        deciding_events.decided_by
    from periods
    inner join deciding_events
        on
            periods.customer_id = deciding_events.customer_id
            and periods.purpose = deciding_events.purpose
            and periods.channel = deciding_events.channel
            and periods.valid_from = deciding_events.valid_from

)

select * from consent
