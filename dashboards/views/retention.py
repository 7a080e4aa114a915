"""Retention and value: who comes back, and what customers are and will be worth."""

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import streamlit as st

from dashboards import look, page, words
from dashboards.look import Column
from dashboards.queries import retention as queries

_KINDS = {"omnichannel": look.ACCENT, "multichannel": look.WARM, "single_channel": "#9fb6bd"}


def show() -> None:
    """Show the page."""
    page.begin(
        "Retention and value", "Who comes back, and what are customers worth, now and in the next year?"
    )
    channels = [queries.ANY, *queries.acquisition_channels()]
    channel = st.selectbox("Won by", channels, format_func=words.label, key="retention_channel")
    _cohorts(queries.cohorts(channel))
    _segments()
    _members()
    _kinds()


def _cohorts(found: pd.DataFrame) -> None:
    look.section(
        "Cohorts",
        "Of the customers gained in each of the last 24 months: the share who acted again so many months later.",
    )
    if found.empty:
        look.nothing("This channel gained no customer in the last 24 months.")
        return
    later = found[found["month_number"] > 0]
    if later.empty:
        look.nothing("No cohort is a month old yet.")
        return
    grid = later.pivot_table(index="acquisition_month", columns="month_number", values="retention_rate")
    sizes = found[found["month_number"] == 0].set_index("acquisition_month")["customers"]
    rows = [f"{words.month(each)} ({words.count(sizes.get(each))})" for each in grid.index]
    figure = go.Figure(
        go.Heatmap(
            z=grid.to_numpy(),
            x=[f"+{number}" for number in grid.columns],
            y=rows,
            colorscale=look.SCALE,
            zmin=0,
            zmax=1,
            xgap=3,
            ygap=3,
            texttemplate="%{z:.0%}",
            hovertemplate="%{y}, %{x} months: %{z:.1%}<extra></extra>",
            colorbar={"tickformat": ".0%", "thickness": 12, "title": None},
            hoverongaps=False,
        )
    )
    figure.update_layout(xaxis={"title": "Months later", "type": "category"}, yaxis={"autorange": "reversed"})
    look.chart(figure, key="retention_cohorts", height=150 + 42 * len(rows), legend=False)
    worth = px.line(
        found.assign(cohort=found["acquisition_month"].map(words.month)),
        x="month_number",
        y="worth",
        color="cohort",
        markers=True,
    )
    worth.update_layout(xaxis_title="Months later", yaxis_title="Net revenue per customer so far")
    worth.update_xaxes(dtick=1)
    worth.update_yaxes(rangemode="tozero")
    look.chart(worth, key="retention_worth", height=320)


def _segments() -> None:
    found = queries.segments()
    look.section("Segments and expected value", _how())
    if found.empty:
        look.nothing("Nobody has bought yet, so there are no segments and no expected value.")
        return
    methods = queries.methods().iloc[0]
    currency = methods["reporting_currency"]
    look.tiles(
        [
            ("Buyers", words.count(found["customers"].sum())),
            (f"Net revenue so far, {currency}", words.money(found["net_revenue"].sum())),
            (f"Expected in 12 months, {currency}", words.money(found["expected_value"].sum())),
        ]
    )
    figure = px.bar(
        found.assign(segment=found["segment"].map(words.label)),
        y="segment",
        x=["net_revenue", "expected_value"],
        orientation="h",
        barmode="group",
    )
    names = {"net_revenue": "Net revenue so far", "expected_value": "Expected in 12 months"}
    figure.for_each_trace(lambda trace: trace.update(name=names[trace.name], hovertemplate="%{y}: %{x:,.0f}"))
    figure.update_layout(yaxis={"autorange": "reversed", "title": None}, xaxis_title=currency)
    look.chart(figure, key="retention_segments", height=420)
    look.table(
        found,
        [
            Column("segment", "Segment"),
            Column("customers", "Customers", words.count),
            Column("net_revenue", f"Net revenue, {currency}", words.money),
            Column("expected_per_customer", "Expected per customer", words.money),
            Column("days_since_last_purchase", "Days since a purchase", words.count),
            Column("probability_alive", "Still customers", words.share),
        ],
        empty="",
    )


def _members() -> None:
    look.section(
        "Who is in which segment",
        "By the conditions of the seed segments. Who entered and left is of the last 30 days, and of runs: what a "
        "run found.",
    )
    look.table(
        queries.members(),
        [
            Column("segment_name", "Segment"),
            Column("members", "Customers", words.count),
            Column("entered", "Entered", words.count),
            Column("left_it", "Left", words.count),
            Column("segment_owner", "Owner"),
        ],
        empty="No customer is in a segment yet.",
    )


def _how() -> str:
    methods = queries.methods()
    if methods.empty:
        return "By recency, frequency and money spent."
    first = methods.iloc[0]
    return (
        "By recency, frequency and money spent, in fifths of all buyers. What is expected follows from "
        f"{first['frequency_method']} (how often) and {first['value_method']} (how much)."
    )


def _kinds() -> None:
    look.section(
        "Omnichannel, multichannel, single-channel",
        "Omnichannel customers carried something on from one channel to another; multichannel ones used several "
        "without that. Per customer and month.",
    )
    found = queries.kinds()
    if found.empty:
        look.nothing("No customer has acted on one of the brand's own channels yet.")
        return
    look.table(
        found,
        [
            Column("kind", "Kind"),
            Column("customer_months", "Customer months", words.count),
            Column("orders", "Orders", words.number),
            Column("revenue", "Net revenue", words.money),
            Column("retention_rate", "Back next month", words.share),
            Column("csat", "CSAT", words.share),
            Column("continuity_rate", "Continuity", words.share),
        ],
        empty="",
    )
    months = queries.kinds_by_month()
    figure = px.bar(
        months.assign(month=months["month_start_date"].map(words.month)),
        x="month",
        y="revenue",
        color="kind",
        barmode="group",
        color_discrete_map=_KINDS,
    )
    figure.for_each_trace(
        lambda trace: trace.update(name=words.label(trace.name), hovertemplate="%{x}: %{y:,.0f}")
    )
    figure.update_layout(xaxis_title=None, yaxis_title="Net revenue per customer")
    look.chart(figure, key="retention_kinds", height=320)
