"""Queries of the page Channels."""

from datetime import date

import pandas as pd

from dashboards.figures import figures
from dashboards.periods import Period
from dashboards.publication import rows

# What a trend shows, by the name of the metric.
TRENDS = {
    "Revenue": "revenue",
    "Conversions": "conversions",
    "Conversion rate": "conversion_rate",
    "Touchpoints": "touchpoints",
    "Contact rate": "contact_rate",
    "Friction rate": "friction_rate",
    "CSAT": "csat",
    "Continuity rate": "continuity_rate",
}
_COUNTS = ["revenue", "conversions", "sessions", "touchpoints"]
_OF_CHANNELS = (*TRENDS.values(), "sessions")
_OF_LOCATIONS = (
    "orders",
    "order_net_revenue",
    "touchpoints",
    "reached_customers",
    "friction_rate",
    "researched_online_rate",
    "sale_identification_rate",
)

_OF_CONFLICTS = ("conflicts", "customers_exposed_to_conflicts")


_COSTS = """
    select
        channel, location_id,
        sum(reach) as reach, sum(cases) as cases,
        sum(csat * rated_cases)::double / nullif(sum(rated_cases), 0) as csat,
        sum(spend)::double as spend, sum(cost_to_serve)::double as serving_cost,
        sum(attributed_revenue)::double as attributed_revenue, sum(assisted_revenue)::double as assisted_revenue,
        (sum(attributed_revenue) - sum(total_cost))::double / nullif(sum(total_cost), 0)::double as roi,
        min(completeness) as completeness, min(completeness_note) as completeness_note
    from mart_scorecard
    where period = 'month' and period_start_date = ?
    group by channel, location_id
"""
_MONTHS = """
    select distinct period_start_date from mart_scorecard
    where period = 'month' and touchpoints > 0
        and period_start_date > (select run_at from publication) - interval 25 month
        and period_start_date <= (select run_at from publication)
    order by period_start_date desc
"""


def scorecard(period: Period) -> pd.DataFrame:
    """Return a row for each channel and span (`now`, `before`) with its metrics; rates are fractions."""
    spans = [
        figures(_OF_CHANNELS, group_by=["channel"], period=each).assign(span=span)
        for span, each in (("now", period), ("before", period.before))
    ]
    found = pd.concat(spans).merge(rows("select channel, channel_name, channel_group from dim_channels"))
    found[_COUNTS] = found[_COUNTS].astype(float).fillna(0)
    return found[found[_COUNTS].any(axis="columns")].sort_values(
        ["touchpoints", "channel"], ascending=[False, True]
    )


def leading_channels(scores: pd.DataFrame, measure: str, count: int = 5) -> list[str]:
    """Return the channels of a scorecard with the most of one of TRENDS; of a rate, the busiest that have one."""
    column = TRENDS[measure]
    having = scores.dropna(subset=[column])
    if column in _COUNTS:
        having = having[having[column] > 0].sort_values(column, ascending=False, kind="stable")
    return list(having["channel"].head(count))


def trend(period: Period, measure: str, channels: list[str]) -> pd.DataFrame:
    """Return week, channel_name and value of one of TRENDS."""
    found = figures([TRENDS[measure]], group_by=["metric_time__week", "channel"], period=period)
    named = found.merge(rows("select channel, channel_name from dim_channels"))
    named = named[named["channel"].isin(channels)].rename(columns={TRENDS[measure]: "value"})
    return named.sort_values(["week", "channel_name"])


def locations(period: Period) -> pd.DataFrame:
    """Return a row for each location with what happened there; revenue_before is that of the period before."""
    found = figures(_OF_LOCATIONS, group_by=["location"], period=period)
    earlier = figures(["order_net_revenue"], group_by=["location"], period=period.before)
    earlier = earlier.rename(columns={"order_net_revenue": "revenue_before"}).dropna(subset=["location"])
    known = rows("select location_id as location, location_name, location_kind, country from dim_locations")
    named = found.merge(known).merge(earlier, how="left")
    named[["orders", "order_net_revenue"]] = named[["orders", "order_net_revenue"]].astype(float).fillna(0)
    return named.sort_values(["order_net_revenue", "touchpoints"], ascending=False)


def months() -> list[date]:
    """Return the first days of the months with scorecards, the latest first."""
    return [each.date() for each in rows(_MONTHS)["period_start_date"]]


def costs_of_channels(month: date) -> pd.DataFrame:
    """Return a row for each channel: its cost and revenue in a month, with and without location."""
    found = rows(_COSTS, (month,))
    sums = ["spend", "serving_cost", "attributed_revenue", "assisted_revenue"]
    totals = found.groupby("channel", as_index=False)[sums].sum()
    cost = totals["spend"] + totals["serving_cost"]
    totals["roi"] = (totals["attributed_revenue"] - cost) / cost.where(cost > 0)
    named = totals.merge(rows("select channel, channel_name from dim_channels"))
    return named.sort_values(["attributed_revenue", "channel"], ascending=[False, True])


def completeness_of_locations(month: date) -> pd.DataFrame:
    """Return a row for each location whose data of the month are incomplete."""
    found = rows(_COSTS, (month,))
    known = rows("select location_id, location_name from dim_locations")
    missing = found[found["completeness"] < 1].merge(known)
    shown = missing.groupby("location_name", as_index=False)[["completeness", "completeness_note"]].min()
    return shown.sort_values(["completeness", "location_name"])


def conflicts(period: Period) -> pd.DataFrame:
    """Return how many conflicts of each kind were first seen, and how many customers first met one."""
    found = figures(_OF_CONFLICTS, group_by=["conflict_case__conflict"], period=period)
    return found.sort_values(["conflicts", "conflict"], ascending=[False, True])


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
