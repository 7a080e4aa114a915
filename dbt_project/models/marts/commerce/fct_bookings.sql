-- One row per booking, on however many channels and devices it was filled in: how far it came, whether it was resumed,
-- and what became of it.
with

forms as (

    select * from {{ ref('int_journeys__forms') }}
    where form_kind = 'booking'

),

exchange_rates as (

    select * from {{ ref('int_commerce__exchange_rates') }}

),

dated_forms as (

    select
        *,
        coalesce(currency, {{ reporting_currency() }}) as currency_of_form,
        {{ local_date('coalesce(converted_at, started_at)', "coalesce(timezone, 'UTC')") }} as dated_on,
        case
            when is_void then 'cancelled'
            when checked_in_at is not null then 'used'
            when converted_at is not null then 'booked'
            when
                {{ seconds_between('last_active_at', run_at()) }} > {{ var('journey_timeout_days') * 86400 }}
                then 'abandoned'
            else 'open'
        end as outcome
    from forms

),

bookings as (

    select
        dated_forms.form_id as booking_id,
        dated_forms.customer_id,
        dated_forms.journey_id,
        dated_forms.conversion_touchpoint_id,
        dated_forms.outcome,
        dated_forms.started_at,
        dated_forms.started_channel,
        dated_forms.channel_path,
        dated_forms.channels,
        dated_forms.devices,
        dated_forms.touchpoints,
        dated_forms.steps_reached,
        dated_forms.last_step,
        dated_forms.resumptions > 0 as is_resumed,
        dated_forms.resumptions,
        dated_forms.resumed_at,
        dated_forms.resumed_channel,
        dated_forms.last_active_at,
        dated_forms.last_channel,
        dated_forms.converted_at as booked_at,
        case when dated_forms.converted_at is not null then dated_forms.dated_on end as booked_on,
        dated_forms.converted_channel as booked_channel,
        cast({{ seconds_between('dated_forms.started_at', 'dated_forms.converted_at') }} / 3600 as double)
            as hours_to_book,
        case
            when dated_forms.outcome = 'abandoned'
                then {{ add_days('dated_forms.last_active_at', var('journey_timeout_days')) }}
        end as abandoned_at,
        case when dated_forms.outcome = 'abandoned' then dated_forms.last_channel end as abandoned_channel,
        case
            when dated_forms.outcome = 'abandoned'
                then coalesce(dated_forms.last_step, dated_forms.last_touchpoint_type)
        end as dropped_at_step,
        case when dated_forms.outcome = 'cancelled' then dated_forms.decided_at end as cancelled_at,
        case when dated_forms.outcome = 'cancelled' then dated_forms.decided_channel end as cancelled_channel,
        dated_forms.checked_in_at,
        dated_forms.product_id,
        dated_forms.location_id,
        dated_forms.banner,
        dated_forms.currency_of_form as currency,
        cast(dated_forms.gross_revenue as {{ type_money() }}) as gross_revenue,
        cast(dated_forms.net_revenue as {{ type_money() }}) as net_revenue,
        {{ reporting_currency() }} as reporting_currency,
        cast(
            {{ rounded(
                'dated_forms.gross_revenue * cast(' ~ reporting_rate('dated_forms.currency_of_form') ~ ' as double)', 4
            ) }} as {{ type_money() }}
        ) as gross_revenue_reporting,
        cast(
            {{ rounded(
                'dated_forms.net_revenue * cast(' ~ reporting_rate('dated_forms.currency_of_form') ~ ' as double)', 4
            ) }} as {{ type_money() }}
        ) as net_revenue_reporting,
        coalesce(
            dated_forms.gross_revenue <> 0 and {{ reporting_rate('dated_forms.currency_of_form') }} is null, false
        ) as is_rate_missing
    from dated_forms
    left join exchange_rates
        on {{ is_rate_of_day('dated_forms.currency_of_form', 'dated_forms.dated_on') }}

)

select * from bookings
