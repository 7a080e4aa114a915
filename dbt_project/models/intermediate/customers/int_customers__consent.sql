-- One row per customer and message channel: whether the person's last word was to allow messages on it.
-- The loyalty programme's answer counts from the day of enrolment; what was said later on any channel
-- overrides it.
with

statements as (

    select * from {{ ref('int_customers__consent_statements') }}

),

ranked_statements as (

    select
        *,
        row_number() over (
            partition by customer_id, channel
            order by stated_at desc nulls last, case when is_granted then 1 else 0 end
        ) as recency_rank
    from statements

),

consent as (

    select
        customer_id,
        channel,
        is_granted,
        stated_at
    from ranked_statements
    where recency_rank = 1

)

select * from consent
