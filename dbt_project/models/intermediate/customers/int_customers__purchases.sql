-- One row per valid purchase of a customer: an order or booking that was not cancelled, or an application that was
-- approved or brought revenue and was not declined or withdrawn.
with

conversions as (

    select * from {{ ref('int_journeys__conversions') }}
    where customer_id is not null

),

purchases as (

    select
        touchpoint_id,
        customer_id,
        conversion_kind,
        conversion_id,
        converted_at as purchased_at,
        converted_on as purchased_on,
        cast({{ rounded('revenue * cast(exchange_rate as double)', 4) }} as {{ type_money() }}) as gross_revenue,
        cast({{ rounded('net_revenue * cast(exchange_rate as double)', 4) }} as {{ type_money() }}) as net_revenue,
        -- An amount of 0 needs no rate.
        revenue is null or (exchange_rate is null and revenue <> 0) as is_value_missing,
        coalesce(revenue > 0 and net_revenue <= 0, false) as is_given_back
    from conversions
    where
        not is_void
        and (conversion_kind in ('order', 'booking') or coalesce(is_approved, false) or coalesce(revenue, 0) <> 0)

)

select
    touchpoint_id,
    customer_id,
    conversion_kind,
    conversion_id,
    purchased_at,
    purchased_on,
    is_value_missing,
    is_given_back,
    case when not is_value_missing then coalesce(gross_revenue, 0) end as gross_revenue,
    case when not is_value_missing then coalesce(net_revenue, 0) end as net_revenue
from purchases
