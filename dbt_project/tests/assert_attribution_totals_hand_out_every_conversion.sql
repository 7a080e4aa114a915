-- A failing row is an attribution model whose totals of all channels are not all conversions or all revenue.
with

totals as (

    select
        model,
        sum(conversions) as conversions,
        sum(path_conversions) as path_conversions,
        sum(revenue) as revenue,
        sum(path_revenue) as path_revenue
    from {{ ref('mart_attribution_totals') }}
    group by model

),

conversions as (

    select
        count(*) as conversions,
        sum(coalesce(cast(revenue * exchange_rate as {{ type_money() }}), 0)) as revenue
    from {{ ref('int_journeys__conversions') }}

)

select
    totals.*,
    conversions.conversions as all_conversions,
    conversions.revenue as all_revenue
from totals
cross join conversions
where
    abs(totals.conversions - conversions.conversions) > 0.000001 * conversions.conversions
    or abs(totals.path_conversions - conversions.conversions) > 0.000001 * conversions.conversions
    or abs(totals.revenue - conversions.revenue) > 0.01 + 0.000001 * conversions.revenue
    or abs(totals.path_revenue - conversions.revenue) > 0.01 + 0.000001 * conversions.revenue
