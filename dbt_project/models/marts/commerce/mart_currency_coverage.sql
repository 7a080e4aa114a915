-- One row per currency and kind of amount that has come in: whether all of it could be read and converted to the
-- reporting currency. An amount that cannot be read is in no sum; one whose currency has no rate on its day is in no
-- sum in the reporting currency. Here they are counted.
with

conversions as (

    select * from {{ ref('int_journeys__conversions') }}

),

returns as (

    select * from {{ ref('fct_returns') }}

),

ad_spend as (

    select * from {{ ref('int_attribution__ad_spend') }}

),

exchange_rates as (

    select
        currency,
        min(valid_from) as rates_from,
        max(valid_from) as newest_rate_from
    from {{ ref('int_commerce__exchange_rates') }}
    group by currency

),

amounts as (

    select
        currency,
        'sales' as amount_kind,
        converted_on as date_day,
        revenue as amount,
        revenue is null as is_amount_missing,
        exchange_rate is null and revenue <> 0 as is_rate_missing
    from conversions
    union all
    select
        currency,
        'returns' as amount_kind,
        returned_on as date_day,
        given_back as amount,
        is_amount_missing,
        is_rate_missing and (given_back <> 0 or newly_sold <> 0) as is_rate_missing
    from returns
    union all
    select
        currency,
        'ad_spend' as amount_kind,
        spend_date as date_day,
        spend as amount,
        false as is_amount_missing,
        spend_reporting is null and spend <> 0 as is_rate_missing
    from ad_spend

),

totals as (

    select
        coalesce(currency, '(none)') as currency,
        amount_kind,
        count(*) as amounts,
        {{ count_where('is_amount_missing') }} as amounts_missing,
        {{ count_where('is_rate_missing') }} as amounts_without_rate,
        coalesce(sum(amount), 0) as total,
        sum(case when is_rate_missing then amount else 0 end) as total_without_rate,
        min(date_day) as first_used_on,
        max(date_day) as last_used_on,
        min(case when is_rate_missing then date_day end) as first_day_without_rate,
        max(case when is_rate_missing then date_day end) as last_day_without_rate
    from amounts
    group by coalesce(currency, '(none)'), amount_kind

),

currency_coverage as (

    select
        totals.currency,
        totals.amount_kind,
        {{ reporting_currency() }} as reporting_currency,
        totals.amounts,
        totals.amounts_missing,
        totals.amounts_without_rate,
        cast(totals.total as {{ type_money() }}) as total,
        cast(totals.total_without_rate as {{ type_money() }}) as total_without_rate,
        totals.amounts_without_rate = 0 and totals.amounts_missing = 0 as is_complete,
        case
            when totals.amounts_missing > 0 then 'amounts that cannot be read'
            when totals.amounts_without_rate = 0 then null
            when exchange_rates.currency is null then 'no rate for this currency'
            else 'no rate for days so early'
        end as problem,
        totals.first_used_on,
        totals.last_used_on,
        totals.first_day_without_rate,
        totals.last_day_without_rate,
        exchange_rates.rates_from,
        exchange_rates.newest_rate_from
    from totals
    left join exchange_rates
        on totals.currency = exchange_rates.currency

)

select * from currency_coverage
