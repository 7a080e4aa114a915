"""Experiments: which variant sells more, and how certain that is."""

import pandas as pd
import plotly.express as px
import streamlit as st

from dashboards import look, page, words
from dashboards.look import Column
from dashboards.queries import experiments as queries


def show() -> None:
    """Show the page."""
    page.begin("Experiments", "Which variant makes more people buy, and could it be chance?")
    found = queries.experiments()
    if found.empty:
        look.nothing("No experiment was seen: no source has sent an event named Experiment Viewed.")
        return
    names = dict(zip(found["experiment_id"], found["experiment_name"], strict=True))
    chosen = st.selectbox(
        "Experiment", list(names), format_func=lambda id_: str(names[id_]), key="experiment"
    )
    variants = queries.variants(chosen)
    _totals(variants)
    _variants(variants)
    _days(queries.exposed_by_day(chosen))


def _totals(found: pd.DataFrame) -> None:
    exposed, several = found["exposed"].sum(), found["shown_several_variants"].sum()
    look.tiles(
        [
            ("Customers", words.count(exposed), "shown a variant"),
            ("Bought", words.count(found["converted"].sum()), "within 30 days"),
            ("Saw several variants", words.count(several), words.share(several / exposed)),
        ]
    )


def _variants(found: pd.DataFrame) -> None:
    currency = found["reporting_currency"].iloc[0]
    look.section(
        "Variants",
        "A customer counts once, for the variant that they were shown first, on whatever device. Between low and high "
        "lies the true difference to the control in 19 of 20 such tests.",
    )
    look.table(
        found,
        [
            Column("variant_name", "Variant", look.text),
            Column("exposed", "Customers", words.count),
            Column("converted", "Bought", words.count),
            Column("conversion_rate", "Share", words.share),
            Column("conversion_difference", "Difference", words.points),
            Column("conversion_difference_low", "Low", words.points),
            Column("conversion_difference_high", "High", words.points),
            Column("verdict", "Verdict", look.text),
        ],
        empty="",
    )
    look.note(f"Revenue per customer who was shown it, in {currency}, with those who bought nothing:")
    look.table(
        found,
        [
            Column("variant_name", "Variant", look.text),
            Column("revenue_reporting", "Revenue", words.money),
            Column("revenue_per_person", "Per customer", words.money),
            Column("revenue_difference", "Difference", words.money),
            Column("revenue_difference_low", "Low", words.money),
            Column("revenue_difference_high", "High", words.money),
        ],
        empty="",
    )


def _days(found: pd.DataFrame) -> None:
    look.section("Customers by day", "By the day on which they were first shown a variant.")
    figure = px.bar(found, x="day", y="exposed", color="variant_name")
    figure.update_layout(xaxis_title=None, yaxis_title="Customers")
    look.chart(figure, key="experiments_days", height=300)
