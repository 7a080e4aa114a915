"""Attribution: what each channel and campaign is worth by eight models, and what it costs."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboards import look, page, periods, words
from dashboards.look import Column
from dashboards.periods import Period
from dashboards.queries import attribution as queries
from dashboards.queries.attribution import MODELS

_MEASURES = {"Conversions": "conversions", "Revenue": "revenue"}


def show() -> None:
    """Show the page."""
    status = page.begin(
        "Attribution", "What is each channel and campaign worth, by which model, and what does it cost?"
    )
    when, what, which = st.columns(3)
    with when:
        period = periods.choose(status, key="attribution_period")
    with what:
        measure = st.selectbox("Credit in", list(_MEASURES), key="attribution_measure")
    with which:
        model = st.selectbox(
            "Return by", list(MODELS), index=6, format_func=MODELS.__getitem__, key="attribution_model"
        )
    credited = queries.credits_of_models(period, _MEASURES[measure])
    if credited.empty:
        look.nothing(
            "No conversion of this period is credited to a channel. A conversion belongs to the day it happened."
        )
        return
    _side_by_side(credited, measure)
    _changes(credited, measure)
    _returns(period, model)


def _side_by_side(credited: pd.DataFrame, measure: str) -> None:
    look.section(
        "Eight models side by side",
        "Each model distributes the same conversions. First and last touch give all to one visit; linear, 40/20/40 and "
        "time decay split by position; Markov and Shapley by what the channel changes over all paths. Unattributed: "
        "no visit came before the conversion.",
    )
    shown = credited[credited["channel"] != "unattributed"].head(12)
    figure = go.Figure()
    for model, name in MODELS.items():
        figure.add_scatter(
            x=shown[model],
            y=shown["channel_name"].map(look.safe),
            name=name,
            mode="markers",
            marker={"size": 11, "opacity": 0.85},
            hovertemplate="%{y}: %{x:,.0f}<extra>" + name + "</extra>",
        )
    figure.update_layout(yaxis={"autorange": "reversed"}, xaxis_title=measure)
    look.chart(figure, key="attribution_models", height=110 + 34 * len(shown))
    write = words.money if measure == "Revenue" else words.number
    look.table(
        look.first(credited, 8, key="attribution_all_channels", what="channels"),
        [
            Column("channel_name", "Channel", look.text),
            *(Column(model, name, write) for model, name in MODELS.items()),
        ],
        empty="",
    )


def _changes(credited: pd.DataFrame, measure: str) -> None:
    look.section("Differences between models", "The channels on which the models differ most.")
    values = credited[list(MODELS)]
    changes = pd.DataFrame(
        {
            "channel_name": credited["channel_name"],
            "least": values.min(axis="columns"),
            "least_by": values.idxmin(axis="columns").map(MODELS),
            "most": values.max(axis="columns"),
            "most_by": values.idxmax(axis="columns").map(MODELS),
            "spread": values.max(axis="columns") - values.min(axis="columns"),
        }
    )
    changes = changes[changes["spread"] > 0.005].sort_values("spread", ascending=False)
    write = words.money if measure == "Revenue" else words.number
    look.table(
        changes.head(10),
        [
            Column("channel_name", "Channel", look.text),
            Column("least", "Least", write),
            Column("least_by", "Least by"),
            Column("most", "Most", write),
            Column("most_by", "Most by"),
            Column("spread", "Difference", write),
        ],
        empty="All models agree: every path has one channel only.",
    )


def _returns(period: Period, model: str) -> None:
    channels = queries.return_by_channel(period, model)
    currency = queries.currency() or "the reporting currency"
    look.section(
        f"Spend and return, by {MODELS[model]}",
        "Return on spend: credited revenue less spend, per unit spent; empty where nothing was spent. Money is in "
        f"{currency}.",
    )
    figures = [
        Column("spend", "Spend", words.money),
        Column("clicks", "Clicks", words.count),
        Column("conversions", "Conversions", words.number),
        Column("revenue", "Revenue", words.money),
        Column("roi", "Return", words.change),
        Column("cost_per_acquisition", "Cost per acquisition", words.money),
    ]
    look.table(
        channels,
        [Column("channel_name", "Channel", look.text), *figures],
        empty="Nothing is credited or spent.",
    )
    campaigns = queries.return_by_campaign(period, model)
    look.table(
        look.first(campaigns, 10, key="attribution_all_campaigns", what="campaigns"),
        [
            Column("campaign_name", "Campaign", look.text),
            Column("channel_name", "Channel", look.text),
            *figures,
        ],
        empty="No campaign: neither a link with campaign parameters nor ad spend names one.",
    )
