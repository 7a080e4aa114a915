-- One row per day, channel and location on which something happened, was spent or was earned: what can be added up.
-- What happens in no place has the location (none). Money is in the reporting currency.
{%- set measures = [
    'touchpoints', 'friction_touchpoints', 'sessions', 'visits', 'conversions', 'revenue', 'orders', 'contacts',
    'cases', 'resolved_cases', 'first_contact_resolutions', 'rated_cases', 'csat_points', 'spend', 'attributed_revenue',
    'assisted_revenue',
] %}
{%- set money = ['revenue', 'spend', 'attributed_revenue', 'assisted_revenue'] %}
{%- set facts = {
    'touchpoints_by_day': {
        'touchpoints': 'touchpoints', 'friction_touchpoints': 'friction_touchpoints', 'visits': 'visits',
    },
    'sessions_by_day': {'sessions': 'sessions', 'visits': 'sessions'},
    'conversions_by_day': {'conversions': 'conversions', 'revenue': 'revenue'},
    'orders_by_day': {'orders': 'orders'},
    'cases_by_day': {
        'contacts': 'contacts', 'cases': 'cases', 'resolved_cases': 'resolved_cases', 'csat_points': 'csat_points',
        'first_contact_resolutions': 'first_contact_resolutions', 'rated_cases': 'rated_cases',
    },
    'spend_by_day': {'spend': 'spend'},
    'credits_by_day': {'attributed_revenue': 'attributed_revenue', 'assisted_revenue': 'assisted_revenue'},
} %}
with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where {{ is_counted() }}

),

session_channels as (

    select channel from {{ ref('channels') }}
    where has_sessions

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

conversions as (

    select * from {{ ref('int_journeys__conversions') }}

),

orders as (

    select * from {{ ref('fct_orders') }}
    where not is_cancelled

),

support_cases as (

    select * from {{ ref('fct_support_cases') }}

),

channel_performance as (

    select * from {{ ref('mart_channel_performance') }}

),

attribution as (

    select * from {{ ref('fct_attribution') }}

),

costs as (

    select * from {{ ref('cost_to_serve') }}

),

-- Where there are no sessions, a person's day is a visit; who is unknown comes once with each touchpoint.
touchpoints_by_day as (

    select
        touchpoints.local_date as date_day,
        touchpoints.channel,
        touchpoints.location_id,
        count(*) as touchpoints,
        {{ count_where('touchpoints.is_friction') }} as friction_touchpoints,
        count(distinct case
            when touchpoints.direction = 'inbound' and session_channels.channel is null
                then coalesce(touchpoints.customer_id, touchpoints.touchpoint_id)
        end) as visits
    from touchpoints
    left join session_channels
        on touchpoints.channel = session_channels.channel
    group by touchpoints.local_date, touchpoints.channel, touchpoints.location_id

),

sessions_by_day as (

    select
        local_date as date_day,
        channel,
        cast(null as {{ dbt.type_string() }}) as location_id,
        count(*) as sessions
    from sessions
    group by local_date, channel

),

conversions_by_day as (

    select
        conversions.converted_on as date_day,
        conversions.channel,
        touchpoints.location_id,
        count(*) as conversions,
        sum(cast({{ rounded('conversions.revenue * conversions.exchange_rate', 4) }} as {{ type_money() }})) as revenue
    from conversions
    left join touchpoints
        on conversions.touchpoint_id = touchpoints.touchpoint_id
    group by conversions.converted_on, conversions.channel, touchpoints.location_id

),

orders_by_day as (

    select
        ordered_on as date_day,
        channel_sold as channel,
        location_id,
        count(*) as orders
    from orders
    group by ordered_on, channel_sold, location_id

),

opened_cases as (

    select
        *,
        cast(opened_at as date) as opened_on,
        {{ regexp_extract('channel_path', "'^([a-z_]+)'") }} as channel
    from support_cases
    where channel_path is not null

),

cases_by_day as (

    select
        opened_on as date_day,
        channel,
        location_id,
        sum(contacts) as contacts,
        count(*) as cases,
        {{ count_where("status = 'resolved'") }} as resolved_cases,
        {{ count_where('is_first_contact_resolution') }} as first_contact_resolutions,
        count(csat) as rated_cases,
        coalesce(sum(cast({{ rounded('csat', 12) }} as decimal(28, 12))), 0) as csat_points
    from opened_cases
    group by opened_on, channel, location_id

),

spend_by_day as (

    select
        {{ adapter.quote('date') }} as date_day,
        channel,
        cast(null as {{ dbt.type_string() }}) as location_id,
        spend
    from channel_performance
    where spend <> 0

),

credited_steps as (

    select
        attribution.converted_on as date_day,
        attribution.conversion_kind,
        attribution.conversion_id,
        attribution.channel,
        touchpoints.location_id,
        sum(case
            when attribution.model = '{{ var("scorecard_model") }}' then attribution.attributed_revenue_reporting else 0
        end) as attributed_revenue,
        sum(case
            when attribution.model = 'last_touch' then attribution.attributed_revenue_reporting else 0
        end) as last_touch_revenue,
        max(case when attribution.model = 'last_touch' and attribution.credit > 0 then 1 else 0 end) = 1 as is_last
    from attribution
    left join touchpoints
        on attribution.touchpoint_id = touchpoints.touchpoint_id
    where attribution.model in ('{{ var("scorecard_model") }}', 'last_touch')
    group by
        attribution.converted_on,
        attribution.conversion_kind,
        attribution.conversion_id,
        attribution.channel,
        touchpoints.location_id

),

assisting_steps as (

    select
        *,
        sum(last_touch_revenue) over (partition by date_day, conversion_kind, conversion_id) as conversion_revenue
    from credited_steps

),

credits_by_day as (

    select
        date_day,
        channel,
        location_id,
        sum(attributed_revenue) as attributed_revenue,
        sum(case when is_last then 0 else conversion_revenue end) as assisted_revenue
    from assisting_steps
    group by date_day, channel, location_id

),

all_facts as (

    {%- for fact, columns in facts.items() %}
    select
        date_day,
        channel,
        coalesce(location_id, '(none)') as location_id,
    {%- for measure in measures %}
    {%- set amount = columns.get(measure, 0) %}
    {{ 'cast(coalesce(' ~ amount ~ ', 0) as decimal(38, 10)) as ' ~ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ fact }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

facts as (

    select
        date_day,
        channel,
        location_id,
    {%- for measure in measures %}
    {{ 'sum(' ~ measure ~ ') as ' ~ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
    from all_facts
    group by date_day, channel, location_id

),

scorecard_days as (

    select
        facts.date_day as {{ adapter.quote('date') }},
        facts.channel,
        facts.location_id,
        {%- for measure in measures if measure not in money %}
        cast(facts.{{ measure }} as {{ 'double' if measure == 'csat_points' else dbt.type_bigint() }}) as {{ measure }},
        {%- endfor %}
        {%- for measure in money %}
        cast(facts.{{ measure }} as {{ type_money() }}) as {{ measure }},
        {%- endfor %}
        cast(
            facts.contacts * coalesce(costs.cost_per_contact, 0)
            + facts.visits * coalesce(costs.cost_per_visit, 0)
            + facts.orders * coalesce(costs.cost_per_order, 0)
            as {{ type_money() }}
        ) as cost_to_serve,
        {{ reporting_currency() }} as reporting_currency
    from facts
    left join costs
        on facts.channel = costs.channel

)

select * from scorecard_days
