"""Channels: how each channel and location does, compared with the period before."""

import pandas as pd
import plotly.express as px
import streamlit as st

from dashboards import look, page, periods, words
from dashboards.look import Column
from dashboards.periods import Period
from dashboards.queries import channels as queries


def show() -> None:
    """Show the page."""
    status = page.begin(
        "Channels", "How does each channel and location do, and does it do better than before?"
    )
    choice, where = st.columns([1, 2])
    with choice:
        period = periods.choose(status, key="channels_period", index=0)
    scores = queries.scorecard(period)
    if queries.first_day() > period.before.start:
        # A few days of data are not enough to compare with.
        scores = scores[scores["span"] == "now"]
    now = scores[scores["span"] == "now"]
    if now.empty:
        look.nothing(f"Nothing happened from {period.in_words}. Choose a longer period.")
        return
    groups = sorted(now["channel_group"].unique())
    with where:
        chosen = st.selectbox(
            "Kind of channel", ["All", *groups], format_func=words.label, key="channels_group"
        )
    if chosen != "All":
        scores, now = scores[scores["channel_group"] == chosen], now[now["channel_group"] == chosen]
    currency = queries.currency()
    _totals(scores, now, currency, period)
    _scorecard(scores, now, currency)
    _trend(now, period, currency)
    _locations(period, currency)
    _costs(set(now["channel"]) if chosen != "All" else None, currency)
    _conflicts(period)


def _totals(scores: pd.DataFrame, now: pd.DataFrame, currency: str, period: Period) -> None:
    before = scores[scores["span"] == "before"]
    compared = f"compared with the {(period.end - period.start).days} days before."
    if before.empty:
        compared = f"which nothing is compared with: the data begin on {words.day(queries.first_day())}."

    def tile(label: str, column: str) -> tuple[str, str, str]:
        was = before[column].sum()
        change = f"{words.change(now[column].sum() / was - 1)} on the period before" if was else ""
        return label, words.count(now[column].sum()), change

    look.note(f"{period.in_words}, {compared}")
    look.tiles(
        [
            tile(f"Revenue, {currency}", "revenue"),
            tile("Conversions", "conversions"),
            tile("Sessions", "sessions"),
            tile("Touchpoints", "touchpoints"),
        ]
    )


def _scorecard(scores: pd.DataFrame, now: pd.DataFrame, currency: str) -> None:
    look.section(
        "Scorecard",
        "Conversion is per session. Contacts are requests for help per customer that the channel caused; CSAT is of "
        "cases opened on it. Continuity is the share of handoffs to the channel in which customers carried on.",
    )
    earlier = scores[scores["span"] == "before"].set_index("channel")
    shown = now.copy()
    shown["revenue_change"] = _change(shown, earlier, "revenue")
    shown["conversion_change"] = shown["conversion_rate"] - shown["channel"].map(earlier["conversion_rate"])
    look.table(
        shown,
        [
            Column("channel_name", "Channel", look.text),
            Column("touchpoints", "Touchpoints", words.count),
            Column("revenue", f"Revenue, {currency}", words.money),
            Column("revenue_change", "Change", words.change),
            Column("conversion_rate", "Conversion", words.share),
            Column("conversion_change", "Change", words.points),
            Column("csat", "CSAT", words.share),
            Column("contact_rate", "Contacts", words.share),
            Column("friction_rate", "Friction", words.share),
            Column("continuity_rate", "Continuity", words.share),
        ],
        empty="No channel of this kind has a touchpoint in the period.",
    )


def _change(shown: pd.DataFrame, earlier: pd.DataFrame, column: str) -> "pd.Series[float]":
    was = shown["channel"].map(earlier[column])
    return (shown[column] / was.where(was != 0) - 1).astype(float)


def _trend(now: pd.DataFrame, period: Period, currency: str) -> None:
    look.section(
        "Trend",
        "By week: the five channels with the most of the figure, or of a rate the five with the most touchpoints.",
    )
    measure = st.selectbox("Figure", list(queries.TRENDS), key="channels_measure")
    found = queries.trend(period, measure, queries.leading_channels(now, measure))
    found = found.dropna(subset=["value"])
    if found.empty:
        look.nothing(
            f"None of these channels has a {measure.lower()}: only the site and the app have sessions."
        )
        return
    figure = px.line(found, x="week", y="value", color="channel_name", markers=True)
    figure.update_layout(
        xaxis_title=None, yaxis_title=f"{measure}, {currency}" if measure == "Revenue" else measure
    )
    figure.update_yaxes(rangemode="tozero", tickformat=".1%" if measure.endswith("rate") else ",")
    look.chart(figure, key="channels_trend")


def _locations(period: Period, currency: str) -> None:
    look.section(
        "Locations",
        "Stores, branches and other places, by the revenue of the orders placed there. Known is the share of sales to "
        "a known customer; of these, researched is the share of who had looked online before.",
    )
    found = queries.locations(period)
    found["change"] = (
        found["order_net_revenue"] / found["revenue_before"].where(found["revenue_before"] != 0) - 1
    ).astype(float)
    look.table(
        look.first(found, 10, key="channels_all_locations", what="locations"),
        [
            Column("location_name", "Location", look.text),
            Column("location_kind", "Kind"),
            Column("reached_customers", "Customers", words.count),
            Column("touchpoints", "Touchpoints", words.count),
            Column("orders", "Orders", words.count),
            Column("order_net_revenue", f"Net revenue, {currency}", words.money),
            Column("change", "Change", words.change),
            Column("friction_rate", "Friction", words.share),
            Column("sale_identification_rate", "Known", words.share),
            Column("researched_online_rate", "Researched", words.share),
        ],
        empty="No record of the period names a location: only sources of physical places do.",
    )


def _costs(channels: set[str] | None, currency: str) -> None:
    """Show cost and revenue of channels: all, or the given ones."""
    look.section(
        "Costs and what they bring",
        "Of a month. Cost to serve is of contacts, visits and orders, by the seed cost_to_serve. Assisted is revenue "
        "of conversions that the channel helped to bring without being the last step; it counts for each that helped.",
    )
    months = queries.months()
    month = st.selectbox("Month", months, format_func=words.month, key="channels_month")
    costs = queries.costs_of_channels(month)
    look.table(
        costs if channels is None else costs[costs["channel"].isin(channels)],
        [
            Column("channel_name", "Channel", look.text),
            Column("spend", f"Spend, {currency}", words.money),
            Column("serving_cost", "Cost to serve", words.money),
            Column("attributed_revenue", "Attributed", words.money),
            Column("assisted_revenue", "Assisted", words.money),
            Column("roi", "ROI", words.change),
        ],
        empty="None of these channels cost or brought anything in this month.",
    )
    look.note("Locations whose figures of the month are too low, because data are missing:")
    look.table(
        queries.completeness_of_locations(month),
        [
            Column("location_name", "Location", look.text),
            Column("completeness", "Complete", words.share),
            Column("completeness_note", "Why", look.text),
        ],
        empty="The data of all locations are complete.",
    )


def _conflicts(period: Period) -> None:
    look.section(
        "Contradictions",
        "Contradictions between channels, and outdated content, by the day on which they were first seen.",
    )
    look.table(
        queries.conflicts(period),
        [
            Column("conflict", "About"),
            Column("conflicts", "Contradictions", words.count),
            Column("customers_exposed_to_conflicts", "Known customers who met one", words.count),
        ],
        empty="No two channels contradicted each other in the period.",
    )
