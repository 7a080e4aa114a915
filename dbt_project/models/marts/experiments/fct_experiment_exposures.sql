-- One row per customer and experiment: the first variant that they were shown, and what they bought in the time after.
with

exposures as (

    select * from {{ ref('int_experiments__exposures') }}

),

purchases as (

    select * from {{ ref('int_customers__purchases') }}

),

numbered_exposures as (

    select
        *,
        row_number() over (
            partition by customer_id, experiment_id order by shown_at, record_key
        ) as exposure_number
    from exposures

),

exposure_counts as (

    select
        customer_id,
        experiment_id,
        count(*) as exposures,
        count(distinct variant) as variants_shown
    from exposures
    group by customer_id, experiment_id

),

outcomes as (

    select
        numbered_exposures.customer_id,
        numbered_exposures.experiment_id,
        count(*) as purchases,
        min(purchases.purchased_at) as converted_at,
        sum(purchases.gross_revenue) as revenue_reporting
    from numbered_exposures
    inner join purchases
        on
            numbered_exposures.customer_id = purchases.customer_id
            and numbered_exposures.shown_at <= purchases.purchased_at
            and {{ seconds_between('numbered_exposures.shown_at', 'purchases.purchased_at') }}
            <= {{ var('experiment_days') * 86400 }}
    where numbered_exposures.exposure_number = 1
    group by numbered_exposures.customer_id, numbered_exposures.experiment_id

),

experiment_exposures as (

    select
        numbered_exposures.customer_id,
        numbered_exposures.experiment_id,
        numbered_exposures.experiment_name,
        numbered_exposures.variant,
        numbered_exposures.variant_name,
        numbered_exposures.channel,
        numbered_exposures.shown_at as first_shown_at,
        exposure_counts.exposures,
        exposure_counts.variants_shown,
        outcomes.customer_id is not null as is_converted,
        outcomes.converted_at,
        coalesce(outcomes.purchases, 0) as purchases,
        cast(coalesce(outcomes.revenue_reporting, 0) as {{ type_money() }}) as revenue_reporting,
        {{ reporting_currency() }} as reporting_currency
    from numbered_exposures
    inner join exposure_counts
        on
            numbered_exposures.customer_id = exposure_counts.customer_id
            and numbered_exposures.experiment_id = exposure_counts.experiment_id
    left join outcomes
        on
            numbered_exposures.customer_id = outcomes.customer_id
            and numbered_exposures.experiment_id = outcomes.experiment_id
    where numbered_exposures.exposure_number = 1

)

select * from experiment_exposures
