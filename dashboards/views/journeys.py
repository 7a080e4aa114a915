"""Journeys: which ways through the channels lead to a purchase, and where they break."""

from collections import Counter

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import streamlit as st

from dashboards import look, page, periods, words
from dashboards.look import Column
from dashboards.queries import journeys as queries
from dashboards.queries.journeys import Filters

_STEPS = 3
_OTHER, _MORE = "other", "more channels"
_OUTCOMES = {"converted": look.ACCENT, "open": "#c9b458", "abandoned": look.BAD}
_HANDOFFS = {"continued": look.ACCENT, "restarted": look.BAD, "unlinked": "#c5d0d4"}
_WITHIN = ["1 hour", "1 day", "3 days", "1 week", "2 weeks", "1 month", "longer"]


def show() -> None:
    """Show the page."""
    status = page.begin(
        "Journeys", "Which ways through our channels lead to a purchase, and where do they break?"
    )
    when, where, how = st.columns(3)
    with when:
        period = periods.choose(status, key="journeys_period")
    with where:
        entries = [queries.ANY, *queries.entry_channels()]
        entry = st.selectbox("Begins on", entries, format_func=words.label, key="journeys_entry")
    with how:
        reach = st.selectbox("Uses", list(queries.REACHES), format_func=words.label, key="journeys_reach")
    filters = Filters(period, entry, reach)
    paths = queries.paths(filters)
    if paths.empty:
        look.nothing(
            "No purchase journey matches these filters. A journey belongs to the day on which it began."
        )
        return
    _totals(filters)
    _flow(paths)
    _handoffs(filters)
    _funnel(filters)
    _times(filters)
    _variants(paths)
    _steps(filters)


def _totals(filters: Filters) -> None:
    totals = queries.totals(filters)
    look.tiles(
        [
            ("Purchase journeys", words.count(totals["purchase_journeys"])),
            ("Converted", words.count(totals["converted_journeys"])),
            (
                "Conversion",
                words.share(totals["journey_conversion_rate"]),
                "those still open count as not converted",
            ),
            ("On several channels", words.share(totals["cross_channel_share"])),
        ]
    )


def _flow(paths: pd.DataFrame) -> None:
    look.section("Paths and outcomes", f"The first {_STEPS} channels of a journey, and how it ended.")
    flows: Counter[tuple[str, str]] = Counter()
    for path, status, journeys in paths[["channel_path", "status", "journeys"]].itertuples(index=False):
        steps = path.split(" > ")
        names = [f"{number}|{step}" for number, step in enumerate(steps[:_STEPS])]
        if len(steps) > _STEPS:
            names.append(f"{_STEPS}|{_MORE}")
        for pair in zip(names, [*names[1:], status], strict=True):
            flows[pair] += journeys
    _sankey(_without_trickles(flows))


def _without_trickles(flows: "Counter[tuple[str, str]]") -> "Counter[tuple[str, str]]":
    """Join nodes with under 1.5 % of all journeys into one per step, so that labels stay readable."""
    through: Counter[str] = Counter()
    for (source, target), journeys in flows.items():
        through[source] += journeys
        through[target] += 0
    least = 0.015 * sum(journeys for node, journeys in through.items() if node.startswith("0|"))

    def joined(node: str) -> str:
        step, bar, _ = node.partition("|")
        return f"{step}|{_OTHER}" if bar and through[node] < least else node

    merged: Counter[tuple[str, str]] = Counter()
    for (source, target), journeys in flows.items():
        merged[joined(source), joined(target)] += journeys
    return merged


def _sankey(flows: "Counter[tuple[str, str]]") -> None:
    nodes = list(dict.fromkeys(node for pair in flows for node in pair))
    channels = sorted({node.partition("|")[2] for node in nodes if "|" in node})
    colours = {channel: look.PALETTE[number % len(look.PALETTE)] for number, channel in enumerate(channels)}
    colours |= {_OTHER: look.MUTED, _MORE: look.MUTED}
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [words.label(node.partition("|")[2] or node) for node in nodes],
                "color": [_OUTCOMES.get(node) or colours[node.partition("|")[2]] for node in nodes],
                "pad": 14,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}: %{value:,} journeys<extra></extra>",
            },
            link={
                "source": [nodes.index(source) for source, _ in flows],
                "target": [nodes.index(target) for _, target in flows],
                "value": list(flows.values()),
                "color": [_pale(_OUTCOMES.get(target, "#9fb6bd")) for _, target in flows],
                "hovertemplate": "%{source.label} → %{target.label}: %{value:,} journeys<extra></extra>",
            },
            textfont={"size": 12, "color": look.INK},
        )
    )
    look.chart(figure, key="journeys_flow", height=460, legend=False)


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.28)"


def _handoffs(filters: Filters) -> None:
    look.section(
        "Handoffs",
        "A change of channel in a journey. Continued: cart, order, coupon or product were carried along. Restarted: "
        "the customer began again. Unlinked: nothing shows either.",
    )
    found = queries.handoffs(filters)
    if found.empty:
        look.nothing("No journey that matches these filters changed its channel.")
        return
    top = found.head(8)
    pairs = [f"{words.label(row.from_channel)} → {words.label(row.to_channel)}" for row in top.itertuples()]
    figure = go.Figure()
    for outcome, colour in _HANDOFFS.items():
        figure.add_bar(
            y=pairs, x=top[outcome], name=words.label(outcome), orientation="h", marker_color=colour,
            hovertemplate="%{y}: %{x:,}<extra>" + words.label(outcome) + "</extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", yaxis={"autorange": "reversed"}, xaxis_title="Handoffs")
    look.chart(figure, key="journeys_handoffs", height=360)
    decided = found["continued"] + found["restarted"]
    found["continuity"] = (found["continued"] / decided.where(decided > 0)).astype(float)
    found["pair"] = found["from_channel"] + " > " + found["to_channel"]
    look.table(
        look.first(found, 8, key="journeys_all_handoffs", what="pairs of channels"),
        [
            Column("pair", "Handoff", words.path),
            Column("handoffs", "Handoffs", words.count),
            Column("continued", "Continued", words.count),
            Column("restarted", "Restarted", words.count),
            Column("continuity", "Continuity", words.share),
            Column("median_minutes", "Time between", words.duration),
        ],
        empty="",
    )


def _funnel(filters: Filters) -> None:
    look.section("Drop-off by stage", "Journeys by the week in which they began, on however many channels.")
    found = queries.funnel(filters)
    if found.empty:
        look.nothing("No journey of these weeks reached a stage.")
        return
    stages = found["stage"].map(words.label)
    figure = go.Figure()
    for column, name, colour in (
        ("converted", "Converted in the end", look.ACCENT),
        ("still_open", "Still open", "#c9b458"),
        ("dropped_off", "Ended here", look.BAD),
    ):
        figure.add_bar(
            y=stages, x=found[column], name=name, orientation="h", marker_color=colour,
            hovertemplate="%{y}: %{x:,}<extra>" + name + "</extra>",
        )  # fmt: skip
    figure.update_layout(
        barmode="stack", yaxis={"autorange": "reversed"}, xaxis_title="Journeys that reached the stage"
    )
    look.chart(figure, key="journeys_funnel", height=340)
    look.table(
        found,
        [
            Column("stage", "Stage"),
            Column("reached", "Reached", words.count),
            Column("dropped_off", "Ended here", words.count),
            Column("drop_off_rate", "Drop-off", words.share),
            Column("minutes_to_next", "Time to the next", words.duration),
        ],
        empty="",
    )


def _times(filters: Filters) -> None:
    look.section("Time to convert", "From the first touchpoint of the journey to the conversion.")
    found = queries.times_to_convert(filters)
    if found.empty:
        look.nothing("No journey that matches these filters has converted.")
        return
    figure = px.bar(found, x="within", y="journeys", category_orders={"within": _WITHIN})
    figure.update_layout(xaxis_title="Within", yaxis_title="Journeys")
    look.chart(figure, key="journeys_times", height=280, legend=False)


def _variants(paths: pd.DataFrame) -> None:
    look.section(
        "Most frequent paths",
        "Repeats of a channel in a row count once. Revenue is in the reporting currency.",
    )
    table = paths.pivot_table(
        index="channel_path", columns="status", values="journeys", aggfunc="sum", fill_value=0
    )
    for status in ("converted", "abandoned"):
        if status not in table:
            table[status] = 0
    converted = paths[paths["status"] == "converted"].set_index("channel_path")
    ended = table["converted"] + table["abandoned"]
    table["conversion"] = (table["converted"] / ended.where(ended > 0)).astype(float)
    table["journeys"] = paths.groupby("channel_path")["journeys"].sum()
    table["revenue"], table["minutes"] = converted["revenue"], converted["median_minutes"]
    table = table.reset_index().sort_values(["journeys", "channel_path"], ascending=[False, True])
    look.table(
        look.first(table, 10, key="journeys_all_paths", what="paths"),
        [
            Column("channel_path", "Path", words.path),
            Column("journeys", "Journeys", words.count),
            Column("converted", "Converted", words.count),
            Column("conversion", "Conversion", words.share),
            Column("revenue", "Revenue", words.money),
            Column("minutes", "Median time", words.duration),
        ],
        empty="",
    )


def _steps(filters: Filters) -> None:
    look.section(
        "Step by step",
        "Where journeys are at their first, second, third channel. One that has ended stays at its outcome. "
        "By the month in which they began, on however many channels.",
    )
    found = queries.steps(filters)
    if found.empty:
        look.nothing("No journey began in these months.")
        return
    grid = found.pivot_table(index="step", columns="step_number", values="share", fill_value=0)
    # The most frequent first channels first, outcomes last.
    grid = grid.sort_values(list(grid.columns), ascending=False)
    figure = go.Figure(
        go.Heatmap(
            z=grid.to_numpy(),
            x=[str(number) for number in grid.columns],
            y=[words.label(step.strip("()")) for step in grid.index],
            colorscale=look.SCALE,
            zmin=0,
            zmax=1,
            xgap=3,
            ygap=3,
            texttemplate="%{z:.0%}",
            hovertemplate="%{y}, step %{x}: %{z:.1%}<extra></extra>",
            showscale=False,
        )
    )
    figure.update_layout(xaxis={"title": "Step", "type": "category"}, yaxis={"autorange": "reversed"})
    look.chart(figure, key="journeys_steps", height=120 + 26 * len(grid), legend=False)
    last = queries.last_steps(filters)
    look.note("What customers did last before a journey was abandoned:")
    look.table(
        look.first(last, 8, key="journeys_all_last", what="types of touchpoints"),
        [
            Column("step", "Last act"),
            Column("times", "Times", words.count),
            Column("dropped_off", "Last of an abandoned journey", words.count),
            Column("drop_off_rate", "Share", words.share),
        ],
        empty="No journey of these months was abandoned.",
    )
