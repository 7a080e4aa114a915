-- One row per customer who is one of the company's own people or testers, by a record that matched a rule.
with

internal_records as (

    select * from {{ ref('int_identity__internal_records') }}
    where is_person

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}
    where is_identified

),

internal_customers as (

    select
        record_customers.customer_id,
        min(internal_records.rule_name) as rule_name
    from internal_records
    inner join record_customers
        on internal_records.record_key = record_customers.record_key
    group by record_customers.customer_id

)

select * from internal_customers
