-- One row per currency and span of days, with the exchange rate to the reporting currency.
with

rates as (

    select
        from_currency,
        valid_from,
        cast(rate as double) as usd_per_unit,
        lead(valid_from) over (partition by from_currency order by valid_from) as valid_until
    from {{ ref('exchange_rates') }}
    where to_currency = 'USD'

),

reporting_rates as (

    select * from rates
    where from_currency = {{ reporting_currency() }}

),

-- Both currencies' spans are cut where the other one's rate changes.
crossed_rates as (

    select
        rates.from_currency as currency,
        {{ reporting_currency() }} as reporting_currency,
        greatest(rates.valid_from, reporting_rates.valid_from) as valid_from,
        case
            when rates.valid_until is null then reporting_rates.valid_until
            when reporting_rates.valid_until is null then rates.valid_until
            else least(rates.valid_until, reporting_rates.valid_until)
        end as valid_until,
        {{ safe_divide('rates.usd_per_unit', 'reporting_rates.usd_per_unit') }} as exchange_rate
    from rates
    inner join reporting_rates
        on
            (rates.valid_until is null or rates.valid_until > reporting_rates.valid_from)
            and (reporting_rates.valid_until is null or rates.valid_from < reporting_rates.valid_until)

)

select * from crossed_rates
