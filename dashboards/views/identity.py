"""Identity health: how well people are recognised, and the pairs that wait for a decision."""

from typing import Any

import pandas as pd
import plotly.express as px
import streamlit as st

from dashboards import decisions, look, page, words
from dashboards.decisions import DIFFERENT, SAME, Pair
from dashboards.look import Column
from dashboards.lookup import NoKeyError
from dashboards.publication import Status, rows
from dashboards.queries import identity as queries
from stewardship.decide import DecisionError

_PAIRS_AT_A_TIME = 3
_MOST_PAIRS = 200
_WRITTEN = "identity_written"
_IN_WORDS = {SAME: "the same person", DIFFERENT: "different people"}


def show() -> None:
    """Show the page."""
    status = page.begin(
        "Identity health", "How well do we recognise people, and which pairs wait for a decision?"
    )
    runs = queries.runs()
    if runs.empty:
        look.nothing("No run has resolved identities yet.")
        return
    _totals(runs.iloc[-1])
    _sizes(runs.iloc[-1])
    _largest()
    _review(status)
    _over_time(runs)
    _rules()


def _totals(last: "pd.Series[Any]") -> None:
    look.tiles(
        [
            ("People", words.count(last["people"])),
            ("Anonymous", words.count(last["anonymous_customers"]), "browsers and devices"),
            (
                "Records of known people",
                words.share(last["identified_share"]),
                f"of {words.count(last['records'])}",
            ),
            ("Stitched", words.share(last["stitched_share"]), "by device or order"),
            ("Merged in the last run", words.count(last["people_merged"])),
            ("Split in the last run", words.count(last["people_split"])),
        ]
    )


def _sizes(last: "pd.Series[Any]") -> None:
    look.section("Identifiers per person", "A person with many may be several who were taken for one.")
    sizes = {
        "1": "people_with_1_identifier",
        "2 to 5": "people_with_2_to_5_identifiers",
        "6 to 10": "people_with_6_to_10_identifiers",
        "over 10": "people_with_over_10_identifiers",
    }
    figure = px.bar(x=list(sizes), y=[last[column] for column in sizes.values()])
    figure.update_layout(xaxis={"title": "Identifiers", "type": "category"}, yaxis_title="People")
    look.chart(figure, key="identity_sizes", height=240, legend=False)


def _largest() -> None:
    look.section(
        "Largest people",
        "Bridge: the identifier that connects most of the others. Wrong merges show here first.",
    )
    found = queries.largest()
    found["bridge"] = found["bridge"].map(lambda value: f"{value[:8]}…" if len(str(value)) == 64 else value)
    look.table(
        look.first(found, 5, key="identity_all_largest", what="people"),
        [
            Column("customer_id", "Customer", look.text),
            Column("identifiers", "Identifiers", words.count),
            Column("bridge", "Bridge", look.text),
            Column("bridged_identifiers", "Hang on it", words.count),
            Column("orders", "Orders", words.count),
            Column("net_revenue", "Net revenue", words.money),
        ],
        empty="Nobody is known by an identifier yet.",
    )


def _review(status: Status) -> None:
    look.section(
        "Waiting for a decision",
        "Pairs that resemble each other but are not linked. A decision is a row in the seed identity_decisions, a file "
        "in git: review and commit it. It counts from the next refresh on.",
    )
    if written := st.session_state.pop(_WRITTEN, None):
        st.success(written)
    try:
        made = decisions.decided(has_personal_data=status.has_personal_data)
    except NoKeyError as error:
        look.nothing(str(error))
        return
    found = queries.review(rows, _MOST_PAIRS).to_dict("records")
    open_pairs = [row for row in found if Pair.of(row) not in made]
    pending = len(found) - len(open_pairs)
    waiting = queries.waiting()
    look.note(
        f"{words.count(waiting['pairs'].sum())} pairs wait"
        + (f", {pending} of them are decided and wait for the next refresh." if pending else ".")
    )
    if not open_pairs:
        look.nothing("No pair waits for a decision." if not found else "All pairs shown here are decided.")
        return
    for row in open_pairs[:_PAIRS_AT_A_TIME]:
        _pair(row, status)


def _pair(row: dict[str, Any], status: Status) -> None:
    with st.form(f"decide_{row['review_id']}"):
        sides = pd.DataFrame([_side(row, side) for side in ("left", "right")])
        st.html(
            f"<b>{look.safe(words.share(row['match_probability']))} likely</b> · {look.safe(row['evidence'])}"
            f"<div class='tl-note'>Held because {look.safe(row['held_because'])}.</div>"
        )
        look.table(
            sides,
            [
                Column("source", "Known from"),
                Column("name", "Name", look.text),
                Column("email", "E-mail", look.text),
                Column("phone", "Phone", look.text),
                Column("first_seen_at", "First seen", words.day),
                Column("customer", "Customer", look.text),
            ],
            empty="",
        )
        if decisions.who_decides() is None:
            look.note("Sign in to decide.")
        reason = st.text_input(
            "Reason", key=f"reason_{row['review_id']}", placeholder="Why, for whoever asks later"
        )
        same, different, _ = st.columns([1, 1, 2])
        with same:
            is_same = st.form_submit_button("Same person", width="stretch")
        with different:
            is_different = st.form_submit_button("Different people", width="stretch")
    if is_same or is_different:
        _decide(row, SAME if is_same else DIFFERENT, reason, status)


def _side(row: dict[str, Any], side: str) -> dict[str, Any]:
    def short(value: Any) -> Any:
        return f"{value[:8]}…" if isinstance(value, str) and len(value) == 64 else value

    names = [row[f"{side}_first_name"], row[f"{side}_last_name"]]
    return {
        "source": row[f"{side}_source"],
        "name": " ".join(str(each) for each in names if not words.is_missing(each)) or None,
        "email": short(row[f"{side}_email"]),
        "phone": short(row[f"{side}_phone"]),
        "first_seen_at": row[f"{side}_first_seen_at"],
        "customer": row[f"{side}_customer_id"],
    }


def _decide(row: dict[str, Any], decision: str, reason: str, status: Status) -> None:
    try:
        file = decisions.decide(Pair.of(row), decision, reason, has_personal_data=status.has_personal_data)
    except DecisionError as error:
        st.error(look.plain(error))
        return
    st.session_state[_WRITTEN] = f"Decided: {_IN_WORDS[decision]}. Written to {file.name}; commit it."
    st.rerun()


def _over_time(runs: pd.DataFrame) -> None:
    look.section("Merges and splits over time", "By the month of the evidence.")
    changes = queries.changes()
    if changes.empty:
        look.nothing(
            "Nobody was merged or split yet: each person was recognised as one from the first run on."
        )
    else:
        months = changes.assign(
            month=changes["month"].map(words.month), change=changes["change_type"].map(words.label)
        )
        figure = px.bar(months, x="month", y="people", color="change", barmode="group")
        figure.update_layout(xaxis_title=None, yaxis_title="People")
        look.chart(figure, key="identity_changes", height=260)
    if len(runs) == 1:
        look.note("One run so far, so shares have no trend yet.")
        return
    shares = runs.assign(run="Run " + runs["run_number"].astype(str)).rename(
        columns={"identified_share": "Records of known people", "stitched_share": "Stitched"}
    )
    figure = px.line(shares, x="run", y=["Records of known people", "Stitched"], markers=True)
    figure.update_layout(xaxis={"type": "category", "title": None}, yaxis_title=None)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    look.chart(figure, key="identity_shares", height=260)


def _rules() -> None:
    look.section("What links, and what does not")
    look.table(
        look.first(queries.rules(), 8, key="identity_all_rules", what="rules"),
        [
            Column("link_rule", "Linked by"),
            Column("links", "Links", words.count),
            Column("customers", "People", words.count),
        ],
        empty="Nothing is linked yet.",
    )
    look.note("Links that a rule did not allow:")
    look.table(
        queries.dropped(),
        [
            Column("dropped_by", "Not allowed because", look.text),
            Column("link_rule", "Seen by"),
            Column("links", "Links", words.count),
        ],
        empty="No link was refused.",
    )
    look.note("Identifiers that link nobody:")
    look.table(
        queries.quarantine(),
        [
            Column("reason", "Reason", look.text),
            Column("identifier_type", "Kind"),
            Column("identifiers", "Identifiers", words.count),
            Column("records", "Records", words.count),
            Column("last_seen_at", "Last seen", words.day),
        ],
        empty="Every identifier may link people.",
    )
