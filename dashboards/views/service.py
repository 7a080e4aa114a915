"""Service: why customers ask for help, how long they wait, and where they have to start over."""

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import streamlit as st

from dashboards import look, page, periods, words
from dashboards.look import Column
from dashboards.queries import service as queries
from dashboards.queries.service import Filters


def show() -> None:
    """Show the page."""
    status = page.begin(
        "Service", "Why do customers ask for help, how long do they wait, and do they have to come back?"
    )
    when, where = st.columns(2)
    with when:
        period = periods.choose(status, key="service_period")
    with where:
        channels = [queries.ANY, *queries.channels()]
        filters = Filters(
            period, st.selectbox("Opened on", channels, format_func=words.label, key="service_channel")
        )
    totals = queries.totals(filters)
    if not totals["cases"]:
        look.nothing("No case was opened in this period on this channel. Cases come from the support source.")
    else:
        _totals(totals)
        _by_channel(queries.by_channel(filters))
        _reasons(filters)
        _service_levels(queries.service_levels(filters))
        _moves(queries.moves(filters))
    _backlog(filters)


def _totals(totals: dict[str, float | None]) -> None:
    orders, contacts = totals["orders"], totals["case_contacts"] or 0
    look.tiles(
        [
            ("Cases", words.count(totals["cases"]), words.counted(contacts, "contact")),
            ("Contacts per order", words.number(contacts / orders if orders else None)),
            ("First reply", words.duration(totals["median_first_reply_minutes"]), "median"),
            ("Resolution", words.duration(totals["median_resolution_minutes"]), "median"),
            ("Repeats", words.share(totals["repeat_contact_rate"]), "of cases came back"),
            ("Solved at first contact", words.share(totals["first_contact_resolution"]), "of resolved cases"),
            ("Solved by the bot", words.share(totals["bot_containment_rate"]), "of those it took part in"),
            ("CSAT", words.share(totals["csat"])),
        ]
    )


def _by_channel(found: pd.DataFrame) -> None:
    look.section("Waiting, by channel", "Medians, by the channel on which the case was opened.")
    look.table(
        found,
        [
            Column("channel", "Opened on"),
            Column("cases", "Cases", words.count),
            Column("median_first_reply_minutes", "First reply", words.duration),
            Column("median_first_human_reply_minutes", "By a person", words.duration),
            Column("median_resolution_minutes", "Resolution", words.duration),
            Column("resolution_business_minutes", "In opening hours", words.duration),
            Column("repeat_contact_rate", "Repeats", words.share),
            Column("moved_share", "Changed channel", words.share),
            Column("csat", "CSAT", words.share),
        ],
        empty="",
    )


def _reasons(filters: Filters) -> None:
    look.section("Reasons", "Why customers come, by tags, subject and first message of the ticket.")
    look.table(
        queries.reasons(filters),
        [
            Column("reason", "Reason"),
            Column("cases", "Cases", words.count),
            Column("contacts", "Contacts", words.count),
            Column("first_contact_share", "Solved at first contact", words.share),
            Column("repeat_share", "Repeats", words.share),
            Column("repeated_ask_share", "Asked twice", words.share),
            Column("requester_wait_minutes", "Waited for us", words.duration),
            Column("csat", "CSAT", words.share),
        ],
        empty="",
    )
    look.note("Friction on any channel, and whether customers made contact within 48 hours:")
    found = queries.friction(filters)
    look.table(
        look.first(found, 8, key="service_all_friction", what="kinds of friction"),
        [
            Column("friction_type", "Friction"),
            Column("friction_channel", "On"),
            Column("episodes", "Episodes", words.count),
            Column("contact_share", "Made contact", words.share),
            Column("minutes_to_contact", "After (median)", words.duration),
            Column("low_rating_share", "Rated badly", words.share),
        ],
        empty="No friction in this period: no touchpoint is marked as friction.",
    )


def _service_levels(found: pd.DataFrame) -> None:
    look.section("Service levels", "Cases that had to be answered or resolved in time, in business hours.")
    look.table(
        found,
        [
            Column("priority", "Priority"),
            Column("service_level", "Service level"),
            Column("target_minutes", "Within", words.duration),
            Column("cases", "Cases", words.count),
            Column("breached", "Breached", words.count),
            Column("breached_share", "Share", words.share),
            Column("running", "Still in time", words.count),
        ],
        empty="No service level applies to these cases: the seed service_levels has none for them.",
    )


def _moves(found: pd.DataFrame) -> None:
    look.section(
        "Changes of channel", "Within a case. Restarted: the customer had to explain everything again."
    )
    chat_to_phone = found[found["from_channel"].isin(["support_chat", "support_bot"])]
    chat_to_phone = chat_to_phone[chat_to_phone["to_channel"] == "support_phone"]
    if len(chat_to_phone):
        moved, restarted = chat_to_phone["handoffs"].sum(), chat_to_phone["restarted"].sum()
        look.tiles(
            [
                ("From chat to phone", words.count(moved)),
                ("Of these restarted", words.count(restarted), words.share(restarted / moved)),
            ]
        )
    found["pair"] = found["from_channel"] + " > " + found["to_channel"]
    look.table(
        look.first(found, 8, key="service_all_moves", what="pairs of channels"),
        [
            Column("pair", "From and to", words.path),
            Column("handoffs", "Changes", words.count),
            Column("continued", "Continued", words.count),
            Column("restarted", "Restarted", words.count),
            Column("restarted_share", "Share", words.share),
        ],
        empty="No case of this period changed its channel.",
    )


def _backlog(filters: Filters) -> None:
    look.section("Backlog", "Cases that were open at the end of each day, and the oldest that are open now.")
    found = queries.backlog(filters)
    if found.empty:
        look.nothing("There is no case at all: the support source has delivered none.")
        return
    figure = go.Figure()
    figure.add_bar(x=found["day"], y=found["opened"], name="Opened", marker_color="#9fb6bd")
    figure.add_bar(
        x=found["day"], y=-found["resolved"], name="Resolved (downwards)", marker_color=look.ACCENT
    )
    figure.add_trace(
        px.line(found, x="day", y="open_cases")
        .data[0]
        .update(name="Open at the end of the day", line_color=look.BAD, showlegend=True)
    )
    figure.update_layout(barmode="relative", yaxis_title="Cases", xaxis_title=None)
    look.chart(figure, key="service_backlog", height=320)
    waiting = queries.open_cases(filters)
    waiting["answered"] = waiting["waits"].map({True: "not yet", False: "yes"})
    look.table(
        look.first(waiting, 10, key="service_all_open", what="open cases"),
        [
            Column("case_id", "Case", look.text),
            Column("opened_at", "Opened (UTC)", words.instant),
            Column("age_minutes", "Age", words.duration),
            Column("reason", "Reason"),
            Column("priority", "Priority"),
            Column("channel_path", "Channels", words.path),
            Column("contacts", "Contacts", words.count),
            Column("answered", "Answered", look.text),
            Column("customer_id", "Customer", look.text),
        ],
        empty="No case is open.",
    )
