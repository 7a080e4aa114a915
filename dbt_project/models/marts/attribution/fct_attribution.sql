-- One row per conversion, attribution model and step of its path that gets credit. Credits of a conversion sum to 1
-- in each model; a conversion without a path before it is a row without a touchpoint, on the channel
-- `unattributed`.
{%- set models = attribution_models() %}

with

conversions as (

    select * from {{ ref('int_journeys__conversions') }}

),

rule_credits as (

    select * from {{ ref('int_attribution__rule_credits') }}

),

markov_credits as (

    select * from {{ ref('int_attribution__markov_credits') }}

),

shapley_credits as (

    select * from {{ ref('int_attribution__shapley_credits') }}

),

pathless_conversions as (

    select
        conversions.touchpoint_id as conversion_touchpoint_id,
        conversions.customer_id
    from conversions
    left join rule_credits
        on conversions.touchpoint_id = rule_credits.conversion_touchpoint_id
    where rule_credits.conversion_touchpoint_id is null

),

unattributed_credits as (

    {% for model in models %}
    select
        conversion_touchpoint_id,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as touchpoint_id,
        'unattributed' as channel,
        '{{ model }}' as attribution_model,
        cast(1 as double) as credit
    from pathless_conversions
    {%- if not loop.last %}
    union all
    {%- endif %}
    {% endfor %}

),

credits as (

    select * from rule_credits
    union all
    select * from markov_credits
    union all
    select * from shapley_credits
    union all
    select * from unattributed_credits

),

attribution as (

    select
        conversions.conversion_kind,
        conversions.conversion_id,
        credits.attribution_model as model,
        credits.touchpoint_id,
        credits.channel,
        conversions.channel as conversion_channel,
        conversions.customer_id,
        conversions.journey_id,
        conversions.converted_at,
        conversions.converted_on,
        credits.credit,
        conversions.currency,
        cast({{ rounded('credits.credit * conversions.revenue', 10) }} as decimal(34, 10)) as attributed_revenue,
        cast(
            {{ rounded('credits.credit * conversions.net_revenue', 10) }} as decimal(34, 10)
        ) as attributed_net_revenue,
        cast(
            {{ rounded('credits.credit * conversions.revenue * conversions.exchange_rate', 10) }} as decimal(34, 10)
        ) as attributed_revenue_reporting
    from credits
    inner join conversions
        on credits.conversion_touchpoint_id = conversions.touchpoint_id

)

select * from attribution
