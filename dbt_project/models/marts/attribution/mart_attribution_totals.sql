-- One row per attribution model and channel: the conversions and the revenue that the model credits to the channel
-- in total, and the sum of what it credits path by path.
-- The two differ for Markov only. Its classic totals share out all conversions at once, so that a channel may be
-- credited with conversions whose path it was not on; the credits of a path never leave the path.
with

attribution as (

    select * from {{ ref('fct_attribution') }}

),

removal_effects as (

    select * from {{ ref('int_attribution__removal_effects') }}

),

-- A sum of fractions depends on their order, and two runs must agree.
path_totals as (

    select
        model,
        channel,
        cast(sum(cast({{ rounded('credit', 12) }} as decimal(28, 12))) as double) as path_conversions,
        cast(sum(attributed_revenue_reporting) as {{ type_money() }}) as path_revenue
    from attribution
    group by model, channel

),

-- A channel that only led to others may have a removal effect and be on no path that converted.
credited_channels as (

    select
        model,
        channel
    from path_totals
    union distinct
    select
        'markov' as model,
        channel
    from removal_effects
    where removal_effect > 0

),

-- Removal effects are fitted once a day. Later conversions are shared out in proportion to them. The result is rounded,
-- so that figures without later conversions do not change.
since_fitted as (

    select
        {{ rounded(
            safe_divide('sum(path_totals.path_conversions)', 'sum(removal_effects.credited_conversions)'), 9
        ) }} as conversions,
        {{ rounded(
            safe_divide('sum(path_totals.path_revenue)', 'sum(removal_effects.credited_revenue)'), 9
        ) }} as revenue
    from removal_effects
    left join path_totals
        on
            removal_effects.channel = path_totals.channel
            and path_totals.model = 'markov'

),

attribution_totals as (

    select
        credited_channels.model,
        credited_channels.channel,
        case
            when credited_channels.model = 'markov' and removal_effects.channel is not null
                then removal_effects.credited_conversions * coalesce(since_fitted.conversions, 1)
            else coalesce(path_totals.path_conversions, 0)
        end as conversions,
        case
            when credited_channels.model = 'markov' and removal_effects.channel is not null
                then cast(
                    {{ rounded('removal_effects.credited_revenue * coalesce(since_fitted.revenue, 1)', 4) }}
                    as {{ type_money() }}
                )
            else coalesce(path_totals.path_revenue, 0)
        end as revenue,
        coalesce(path_totals.path_conversions, 0) as path_conversions,
        coalesce(path_totals.path_revenue, 0) as path_revenue,
        case when credited_channels.model = 'markov' then removal_effects.removal_effect end as removal_effect,
        {{ reporting_currency() }} as reporting_currency
    from credited_channels
    left join path_totals
        on
            credited_channels.model = path_totals.model
            and credited_channels.channel = path_totals.channel
    left join removal_effects
        on credited_channels.channel = removal_effects.channel
    cross join since_fitted

)

select * from attribution_totals
