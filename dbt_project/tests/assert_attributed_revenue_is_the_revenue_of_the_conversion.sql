-- A failing row is a conversion whose attributed revenue, gross or net, in one attribution model, differs
-- from what the conversion was worth by more than a ten-thousandth of its currency's unit, and of large amounts
-- by more than the twelve digits to which shares are stored.
with

conversions as (

    select * from {{ ref('int_journeys__conversions') }}

),

attribution as (

    select * from {{ ref('fct_attribution') }}

),

attributed as (

    select
        conversion_kind,
        conversion_id,
        model,
        sum(attributed_revenue) as attributed_revenue,
        sum(attributed_net_revenue) as attributed_net_revenue,
        sum(attributed_revenue_reporting) as attributed_revenue_reporting
    from attribution
    group by conversion_kind, conversion_id, model

)

select
    conversions.conversion_kind,
    conversions.conversion_id,
    attributed.model,
    conversions.revenue,
    attributed.attributed_revenue,
    conversions.net_revenue,
    attributed.attributed_net_revenue
from conversions
left join attributed
    on
        conversions.conversion_kind = attributed.conversion_kind
        and conversions.conversion_id = attributed.conversion_id
where
    attributed.model is null
    or abs(conversions.revenue - attributed.attributed_revenue)
    > 0.0001 + abs(conversions.revenue) / 1000000000000
    or abs(conversions.net_revenue - attributed.attributed_net_revenue)
    > 0.0001 + abs(conversions.net_revenue) / 1000000000000
    or abs(conversions.revenue * conversions.exchange_rate - attributed.attributed_revenue_reporting)
    > 0.0001 + abs(attributed.attributed_revenue_reporting) / 1000000000000
