-- A failing row is a day and currency on which the orders of known customers, the journeys that they ended, or
-- what an attribution model hands out of all orders, what is unattributed included, have different revenue,
-- gross or net, by more than a thousandth of the currency's unit, and of large sums by more than the twelve digits to
-- which shares are stored.
with

orders as (

    select * from {{ ref('fct_orders') }}

),

journeys as (

    select * from {{ ref('fct_journeys') }}
    where conversion_kind = 'order'

),

conversions as (

    select * from {{ ref('fct_touchpoints') }}
    where is_conversion

),

attribution as (

    select * from {{ ref('fct_attribution') }}
    where conversion_kind = 'order'

),

models as (

    select distinct model
    from {{ ref('fct_attribution') }}

),

reported as (

    select
        'journeys' as told_by,
        'orders' as side,
        ordered_on as date_day,
        currency,
        gross_revenue,
        net_revenue
    from orders
    where customer_id is not null
    union all
    select
        'journeys' as told_by,
        'reported' as side,
        conversions.local_date as date_day,
        journeys.currency,
        journeys.revenue as gross_revenue,
        journeys.net_revenue
    from journeys
    inner join conversions
        on journeys.journey_id = conversions.journey_id
    union all
    select
        models.model as told_by,
        'orders' as side,
        orders.ordered_on as date_day,
        orders.currency,
        orders.gross_revenue,
        orders.net_revenue
    from orders
    cross join models
    union all
    select
        model as told_by,
        'reported' as side,
        converted_on as date_day,
        currency,
        attributed_revenue as gross_revenue,
        attributed_net_revenue as net_revenue
    from attribution

),

sums as (

    select
        told_by,
        date_day,
        currency,
        sum(case when side = 'orders' then gross_revenue else 0 end) as gross_revenue_of_orders,
        sum(case when side = 'reported' then gross_revenue else 0 end) as gross_revenue_told,
        sum(case when side = 'orders' then net_revenue else 0 end) as net_revenue_of_orders,
        sum(case when side = 'reported' then net_revenue else 0 end) as net_revenue_told
    from reported
    group by told_by, date_day, currency

)

select *
from sums
where
    abs(gross_revenue_of_orders - gross_revenue_told) > 0.001 + abs(gross_revenue_of_orders) / 1000000000000
    or abs(net_revenue_of_orders - net_revenue_told) > 0.001 + abs(gross_revenue_of_orders) / 1000000000000
