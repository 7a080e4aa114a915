"""Queries of the page Channels. Periods are given as (start, end), the day after the last."""

from datetime import date

import pandas as pd

from dashboards.periods import Period
from dashboards.publication import rows

# Of each row of a table with a day: does it belong to the period, to the one before, or to neither.
_SPAN = """
    case
        when {day} >= ? and {day} < ? then 'now'
        when {day} >= ? and {day} < ? then 'before'
    end
"""
_SCORECARD = f"""
    with
    days as (
        select *, {_SPAN.format(day="date")} as span from mart_channel_performance
    ),
    measures as (
        select
            span, channel,
            sum(touchpoints) as touchpoints,
            sum(customers) as customer_days,
            sum(sessions) as sessions,
            sum(conversions) as conversions,
            sum(revenue)::double as revenue,
            sum(contacts_caused) as contacts,
            sum(friction_rate * touchpoints) as frictions
        from days
        where span is not null
        group by all
    ),
    ratings as (
        select
            {_SPAN.format(day="opened_at::date")} as span,
            split_part(channel_path, ' > ', 1) as channel,
            avg(csat) as csat
        from fct_support_cases
        group by all
    ),
    handoffs as (
        select
            {_SPAN.format(day="occurred_at::date")} as span,
            to_channel as channel,
            count(*) filter (outcome = 'continued') as continued,
            count(*) filter (outcome in ('continued', 'restarted')) as decided
        from fct_journey_transitions
        where is_handoff
        group by all
    )
    select
        span, channel, channel_name, channel_group, touchpoints, sessions, conversions, revenue, csat,
        case when sessions > 0 then conversions::double / sessions end as conversion_rate,
        case when customer_days > 0 then contacts::double / customer_days end as contact_rate,
        case when touchpoints > 0 then frictions::double / touchpoints end as friction_rate,
        case when decided > 0 then continued::double / decided end as continuity_rate
    from measures
    left join ratings using (span, channel)
    left join handoffs using (span, channel)
    inner join dim_channels using (channel)
    order by touchpoints desc, channel
"""
_TREND = """
    select date_trunc('week', date)::date as week, channel_name, {measure} as value
    from mart_channel_performance
    inner join dim_channels using (channel)
    where date >= ? and date < ? and channel in (select unnest(?::varchar[]))
    group by all
    order by week, channel_name
"""
_LOCATIONS = f"""
    with
    sold as (
        select
            {_SPAN.format(day="ordered_on")} as span, location_id,
            count(*) as orders,
            sum(net_revenue_reporting)::double as revenue
        from fct_orders
        where location_id is not null and not is_cancelled
        group by all
    ),
    visited as (
        select
            {_SPAN.format(day="local_date")} as span, location_id,
            count(*) as touchpoints,
            count(distinct customer_id) as customers,
            avg(is_friction::int) as friction_rate
        from fct_touchpoints
        where location_id is not null and not is_bot and not is_internal
        group by all
    )
    select
        location_name, location_kind, country, visited.customers, visited.touchpoints, visited.friction_rate,
        coalesce(sold.orders, 0) as orders, coalesce(sold.revenue, 0) as revenue, earlier.revenue as revenue_before
    from visited
    inner join dim_locations using (location_id)
    left join sold on visited.location_id = sold.location_id and sold.span = 'now'
    left join sold as earlier on visited.location_id = earlier.location_id and earlier.span = 'before'
    where visited.span = 'now'
    order by revenue desc, visited.touchpoints desc
"""
# What a trend shows, as sums of a week.
TRENDS = {
    "Revenue": "sum(revenue)::double",
    "Conversions": "sum(conversions)::double",
    "Conversion rate": "sum(conversions)::double / nullif(sum(sessions), 0)",
    "Touchpoints": "sum(touchpoints)::double",
    "Contact rate": "sum(contacts_caused)::double / nullif(sum(customers), 0)",
    "Friction rate": "sum(friction_rate * touchpoints) / nullif(sum(touchpoints), 0)",
}


def scorecard(period: Period) -> pd.DataFrame:
    """Return a row for each channel and span (`now`, `before`) with its figures; rates are fractions."""
    return rows(_SCORECARD, _spans(period) * 3)


def trend(period: Period, measure: str, channels: list[str]) -> pd.DataFrame:
    """Return week, channel_name and value of one of TRENDS."""
    return rows(_TREND.format(measure=TRENDS[measure]), (period.start, period.end, tuple(channels)))


def locations(period: Period) -> pd.DataFrame:
    """Return a row for each location with what happened there; revenue_before is that of the period before."""
    return rows(_LOCATIONS, _spans(period) * 2)


def first_day() -> date:
    """Return the first day on which anything happened."""
    found = rows("select min(date)::date as first_day from mart_channel_performance where touchpoints > 0")
    day: date = found["first_day"].iloc[0].date()
    return day


def currency() -> str:
    """Return the reporting currency; empty if nothing has a price."""
    found = rows("select max(reporting_currency) as currency from mart_channel_performance")["currency"].iloc[
        0
    ]
    return str(found or "")


def _spans(period: Period) -> tuple[object, ...]:
    return (period.start, period.end, period.before.start, period.before.end)
