-- One row per day and channel on which something happened, was spent or was earned. Money is in the reporting
-- currency.
{%- set models = attribution_models() %}
{%- set measures_by_day = [
    'touchpoints', 'sessions', 'conversions', 'attribution', 'returns', 'spend', 'contacts', 'orders', 'ratings'
] %}

with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where {{ is_counted() }}

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

conversions as (

    select * from {{ ref('int_journeys__conversions') }}

),

attribution as (

    select * from {{ ref('fct_attribution') }}

),

returns as (

    select * from {{ ref('fct_returns') }}

),

ad_spend as (

    select * from {{ ref('int_attribution__ad_spend') }}

),

tickets as (

    select * from {{ ref('int_service__case_tickets') }}

),

ticket_status as (

    select * from {{ ref('int_service__ticket_status') }}

),

ticket_channels as (

    select * from {{ ref('int_records__ticket_channels') }}

),

contact_causes as (

    select * from {{ ref('int_service__contact_causes') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

touchpoints_by_day as (

    select
        local_date as date_day,
        channel,
        count(*) as touchpoints,
        count(distinct customer_id) as customers,
        sum(case when is_friction then 1 else 0 end) as friction_touchpoints
    from touchpoints
    group by local_date, channel

),

sessions_by_day as (

    select
        local_date as date_day,
        channel,
        count(*) as sessions
    from sessions
    group by local_date, channel

),

conversions_by_day as (

    select
        converted_on as date_day,
        channel,
        count(*) as conversions,
        sum(cast({{ rounded('revenue * exchange_rate', 4) }} as {{ type_money() }})) as revenue,
        sum(case when exchange_rate is null and revenue <> 0 then 1 else 0 end) as conversions_without_rate
    from conversions
    group by converted_on, channel

),

-- A sum of fractions depends on their order, and two runs must agree.
exact_credits as (

    select
        converted_on,
        channel,
        model,
        attributed_revenue_reporting,
        cast({{ rounded('credit', 12) }} as decimal(28, 12)) as exact_credit
    from attribution

),

attribution_by_day as (

    select
        converted_on as date_day,
        channel,
    {%- for model in models %}
    sum(case when model = '{{ model }}' then exact_credit else 0 end) as conversions_{{ model }},
    sum(case when model = '{{ model }}' then attributed_revenue_reporting else 0 end) as revenue_{{ model }}
    {{- "," if not loop.last }}
    {%- endfor %}
    from exact_credits
    group by converted_on, channel

),

returns_by_day as (

    select
        returned_on as date_day,
        channel,
        sum(returned_reporting) as returned,
        sum(cancelled_reporting) as cancelled,
        sum(exchange_revenue_reporting) as exchange_revenue,
        sum(case when is_rate_missing and given_back <> 0 then 1 else 0 end) as returns_without_rate
    from returns
    group by returned_on, channel

),

spend_by_day as (

    select
        spend_date as date_day,
        channel,
        sum(spend_reporting) as spend,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(case when spend_reporting is null then 1 else 0 end) as spend_without_rate
    from ad_spend
    group by spend_date, channel

),

contacts_by_day as (

    select
        caused_on as date_day,
        cause_channel as channel,
        count(*) as contacts_caused,
        {{ count_where("cause = 'order'") }} as contacts_about_orders
    from contact_causes
    group by caused_on, cause_channel

),

orders_by_day as (

    select
        ordered_on as date_day,
        channel_sold as channel,
        count(*) as orders
    from orders
    group by ordered_on, channel_sold

),

ratings_by_day as (

    select
        cast(tickets.created_at as date) as date_day,
        ticket_channels.channel,
        {{ average('ticket_status.csat') }} as csat
    from tickets
    inner join ticket_status
        on tickets.ticket_id = ticket_status.ticket_id
    inner join ticket_channels
        on tickets.ticket_id = ticket_channels.ticket_id
    group by cast(tickets.created_at as date), ticket_channels.channel

),

days_and_channels as (

    {%- for measures in measures_by_day %}
    select
        date_day,
        channel
    from {{ measures }}_by_day
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}

),

channel_performance as (

    select
        days_and_channels.date_day as {{ adapter.quote('date') }},
        days_and_channels.channel,
        coalesce(touchpoints_by_day.touchpoints, 0) as touchpoints,
        coalesce(touchpoints_by_day.customers, 0) as customers,
        coalesce(sessions_by_day.sessions, 0) as sessions,
        coalesce(conversions_by_day.conversions, 0) as conversions,
        {{ safe_divide('coalesce(conversions_by_day.conversions, 0)', 'sessions_by_day.sessions') }} as conversion_rate,
        cast(coalesce(conversions_by_day.revenue, 0) as {{ type_money() }}) as revenue,
        cast(coalesce(returns_by_day.returned, 0) as {{ type_money() }}) as returned,
        cast(coalesce(returns_by_day.cancelled, 0) as {{ type_money() }}) as cancelled,
        cast(coalesce(returns_by_day.exchange_revenue, 0) as {{ type_money() }}) as exchange_revenue,
        {%- for model in models %}
        cast(coalesce(attribution_by_day.conversions_{{ model }}, 0) as double) as attributed_conversions_{{ model }},
        cast(
            coalesce(attribution_by_day.revenue_{{ model }}, 0) as {{ type_money() }}
        ) as attributed_revenue_{{ model }},
        {{ safe_divide(
            '(coalesce(attribution_by_day.revenue_' ~ model ~ ', 0) - spend_by_day.spend)', 'spend_by_day.spend'
        ) }} as roi_{{ model }},
        {{ safe_divide(
            'spend_by_day.spend', 'attribution_by_day.conversions_' ~ model
        ) }} as cost_per_acquisition_{{ model }},
        {%- endfor %}
        cast(coalesce(spend_by_day.spend, 0) as {{ type_money() }}) as spend,
        cast(coalesce(spend_by_day.impressions, 0) as {{ dbt.type_bigint() }}) as impressions,
        cast(coalesce(spend_by_day.clicks, 0) as {{ dbt.type_bigint() }}) as clicks,
        {{ reporting_currency() }} as reporting_currency,
        cast(
            coalesce(conversions_by_day.conversions_without_rate, 0)
            + coalesce(returns_by_day.returns_without_rate, 0)
            + coalesce(spend_by_day.spend_without_rate, 0)
            as {{ dbt.type_bigint() }}
        ) as amounts_without_rate,
        cast(ratings_by_day.csat as double) as csat,
        cast(coalesce(contacts_by_day.contacts_caused, 0) as {{ dbt.type_bigint() }}) as contacts_caused,
        {{ safe_divide('coalesce(contacts_by_day.contacts_caused, 0)', 'touchpoints_by_day.customers') }}
            as contact_rate,
        {{ safe_divide('coalesce(contacts_by_day.contacts_about_orders, 0)', 'orders_by_day.orders') }}
            as contacts_per_order,
        {{ safe_divide('touchpoints_by_day.friction_touchpoints', 'touchpoints_by_day.touchpoints') }} as friction_rate
    from days_and_channels
    {% for measures in measures_by_day %}
    left join {{ measures }}_by_day
        on
            days_and_channels.date_day = {{ measures }}_by_day.date_day
            and days_and_channels.channel = {{ measures }}_by_day.channel
    {% endfor %}

)

select * from channel_performance
