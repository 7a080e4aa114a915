"""Queries of the page Retention and value."""

import pandas as pd

from dashboards.publication import rows

ANY = "any"
_COHORTS = """
    select
        acquisition_month, month_number,
        sum(customers) as customers,
        sum(retained)::double / sum(customers) as retention_rate,
        sum(cumulative_net_revenue)::double / sum(customers) as worth
    from mart_retention
    where
        (? = 'any' or acquisition_channel = ?)
        -- A record with a wrong year would stretch the picture over centuries.
        and acquisition_month > (select run_at from publication) - interval 25 month
    group by all
    order by acquisition_month, month_number
"""
_CHANNELS = """
    select acquisition_channel
    from mart_retention
    where month_number = 0
    group by all
    order by sum(customers) desc, acquisition_channel
"""
_SEGMENTS = """
    select
        segment,
        count(*) as customers,
        sum(net_revenue)::double as net_revenue,
        sum(expected_value_12m)::double as expected_value,
        avg(expected_value_12m)::double as expected_per_customer,
        median(days_since_last_purchase) as days_since_last_purchase,
        avg(probability_alive) as probability_alive
    from mart_customer_value
    group by all
    order by expected_value desc nulls last, segment
"""
_METHODS = """
    select frequency_method, value_method, reporting_currency, count(*) as customers
    from mart_customer_value
    group by all
    order by customers desc
    limit 1
"""
_MEMBERS = """
    select
        segment_name,
        count(*) filter (is_current) as members,
        count(*) filter (entered_at > run_at - interval 30 day and entered_because <> 'segment_added') as entered,
        count(*) filter (left_at > run_at - interval 30 day) as left_it,
        max(segment_owner) as segment_owner
    from fct_segment_membership, publication
    where segment_owner is not null
    group by all
    order by members desc, segment_name
"""
_KINDS = """
    select
        kind,
        sum(customers) as customer_months,
        sum(orders)::double / sum(customers) as orders,
        sum(net_revenue)::double / sum(customers) as revenue,
        sum(retained) filter (retention_rate is not null)::double
            / nullif(sum(customers) filter (retention_rate is not null), 0) as retention_rate,
        sum(csat * rated_cases) / nullif(sum(rated_cases), 0) as csat,
        sum(handoffs_continued)::double / nullif(sum(handoffs_continued + handoffs_restarted), 0) as continuity_rate
    from mart_omnichannel
    group by all
    order by revenue desc nulls last
"""
_KINDS_BY_MONTH = """
    select month_start_date, kind, net_revenue_per_customer::double as revenue, customers
    from mart_omnichannel
    where month_start_date > (select run_at from publication) - interval 25 month
    order by month_start_date, kind
"""


def cohorts(channel: str) -> pd.DataFrame:
    """Return a row for each of the last 24 months of acquisition and number of months later.

    `worth` is net revenue per customer so far.
    """
    return rows(_COHORTS, (channel, channel))


def acquisition_channels() -> list[str]:
    """Return the channels that gained customers, those with most first."""
    return list(rows(_CHANNELS)["acquisition_channel"])


def segments() -> pd.DataFrame:
    """Return a row for each RFM segment."""
    return rows(_SEGMENTS)


def members() -> pd.DataFrame:
    """Return a row for each segment of the seed: who is in it, and who entered and left in the last 30 days."""
    return rows(_MEMBERS)


def methods() -> pd.DataFrame:
    """Return the models of the forecast for the next 12 months; no row if nobody has bought."""
    return rows(_METHODS)


def kinds() -> pd.DataFrame:
    """Return a row for each kind of customer, per customer and month."""
    return rows(_KINDS)


def kinds_by_month() -> pd.DataFrame:
    """Return net revenue per customer of each kind and of the last 24 months."""
    return rows(_KINDS_BY_MONTH)
