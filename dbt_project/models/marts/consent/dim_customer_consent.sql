-- One row per customer, purpose, channel and period in which the customer's consent was the same.
with

consent as (

    select * from {{ ref('int_customers__consent') }}

),

customer_consent as (

    select
        {{ dbt.concat([
            "'csp_'", hash_text(['customer_id', 'purpose', 'channel', 'valid_from'])
        ]) }} as consent_period_id,
        customer_id,
        purpose,
        channel,
        case when is_granted then 'granted' else 'withdrawn' end as status,
        valid_from,
        valid_to,
        valid_to is null as is_current,
        decided_by
    from consent

)

select * from customer_consent
