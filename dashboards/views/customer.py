"""Customer 360: what an agent reads before answering."""

from typing import Any

import pandas as pd
import plotly.express as px
import streamlit as st

from dashboards import look, lookup, page, private, signing_in, words
from dashboards.look import Column
from dashboards.publication import Ask, Status, rows
from dashboards.queries import customer as queries
from dashboards.views.customer_profile import (
    short,
    show_attributes,
    show_banners,
    show_profile,
)

_SHOWN_LINES = 25
_SEEN = "customers_looked_at"
_KINDS = {
    "The customer acted": look.ACCENT,
    "We acted": "#9fb6bd",
    "Friction": look.BAD,
    "Conversion": look.WARM,
}


def show() -> None:
    """Show the page."""
    status = page.begin("Customer 360", "Who is this, what happened so far, and what do we do next?")
    ask, is_private = _asker(status)
    typed = st.text_input(
        "Find a customer",
        key="customer_search",
        placeholder="Order, ticket, loyalty number, e-mail, phone or customer id",
    )
    if not typed.strip():
        _begin_with_examples(ask)
        return
    customer_id = _chosen(ask, typed, is_private or status.has_personal_data)
    if customer_id and is_private:
        ask = _logged(ask, customer_id)
    if customer_id:
        _customer(ask, customer_id)


def _asker(status: Status) -> tuple[Ask, bool]:
    """Return the query function, and whether its results have names, which needs a sign-in."""
    try:
        ask = private.asker()
    except private.PrivateError as error:
        look.nothing(str(error))
        return rows, False
    if ask is None:
        return rows, False
    version = str(ask("select version from publication")["version"].iloc[0])
    if version != status.version:
        look.note(f"Names, contacts and texts are of version {version}.")
    return ask, True


def _logged(ask: Ask, customer_id: str) -> Ask:
    """Log the access, once per visit and customer; if that fails, results are masked."""
    seen = st.session_state.setdefault(_SEEN, set())
    if (signing_in.user(), customer_id) not in seen:
        try:
            private.note_look(customer_id)
        except private.PrivateError as error:
            look.nothing(str(error))
            return rows
        seen.add((signing_in.user(), customer_id))
    return ask


def _begin_with_examples(ask: Ask) -> None:
    examples = queries.examples(ask)
    if not examples:
        look.nothing(
            "No customer is identified yet: no record carries an account, a card, an e-mail address or a phone."
        )
        return
    look.note(
        "Addresses and numbers are hashed on the server before they are looked up. Or look at one of these:"
    )

    def search(customer_id: str) -> None:
        st.session_state["customer_search"] = customer_id

    for number, customer_id in enumerate(examples):
        st.button(customer_id, key=f"customer_example_{number}", on_click=search, args=(customer_id,))


def _chosen(ask: Ask, typed: str, has_personal_data: bool) -> str | None:
    """Return the customer of the input; of several the one that the visitor chooses."""
    ids, values = lookup.customer_ids(typed), []
    if not ids:
        try:
            values = lookup.published_values(typed, has_personal_data=has_personal_data)
        except lookup.NoKeyError as error:
            look.nothing(str(error))
            return None
    found = queries.found(ask, values, lookup.order_numbers(typed), ids)
    customers = list(dict.fromkeys(found["customer_id"]))
    if not customers:
        look.nothing(
            "Nobody is known by that. Orders, tickets, loyalty numbers, e-mail addresses, phone numbers and customer "
            "ids are looked up whole: parts of them find nobody."
        )
        return None
    if len(customers) > 1:
        look.note(f"That belongs to {len(customers)} customers, for instance a phone that a family shares.")
        return str(st.selectbox("Which one", customers, key="customer_which"))
    return str(customers[0])


def _customer(ask: Ask, customer_id: str) -> None:
    found = queries.who(ask, customer_id)
    if found.empty:
        look.nothing(f"{customer_id} has no record in this version of the marts.")
        return
    row = found.iloc[0]
    show_profile(row)
    show_banners(ask, customer_id)
    left, right = st.columns(2)
    with left:
        _open_matters(ask, customer_id)
    with right:
        _recommend(ask, customer_id)
    _timeline(ask, customer_id)
    _orders(ask, customer_id)
    show_attributes(ask, customer_id)
    _why(ask, customer_id)


def _open_matters(ask: Ask, customer_id: str) -> None:
    look.section("Open matters")
    lines = []
    for cart in queries.open_cart(ask, customer_id).to_dict("records"):
        value = (
            ""
            if words.is_missing(cart["cart_value"])
            else f" for {words.money(cart['cart_value'])} {cart['currency']}"
        )
        over = f", started over {cart['restarts']} times" if cart["restarts"] else ""
        lines.append(
            f"Cart: {words.counted(cart['items'], 'item')}{value}, last used on {words.label(cart['last_channel'])}, "
            f"{words.instant(cart['last_active_at'])} UTC{over}."
        )
    cases = queries.cases(ask, customer_id)
    for case in cases[cases["status"] == "open"].to_dict("records"):
        lines.append(
            f"Case since {words.instant(case['opened_at'])} UTC by {words.path(case['channel_path'])}, "
            f"{words.counted(case['contacts'], 'contact')}; first answer after "
            f"{words.duration(case['first_reply_minutes'])}."
        )
    orders = queries.orders(ask, customer_id)
    waiting = orders[orders["state"] == "waits to be picked up"]
    lines += [f"Order {order['order_id']} waits to be picked up." for order in waiting.to_dict("records")]
    look.sentences(lines, empty="No open cart, no open case, and no order that waits to be picked up.")


def _recommend(ask: Ask, customer_id: str) -> None:
    look.section("What to recommend")
    offers = queries.offers(ask, customer_id)
    lines = [
        f"{each['product_name'] or 'A product'}: {each['reason']}." for each in offers.to_dict("records")
    ]
    if lines and not words.is_missing(offers["best_channel"].iloc[0]):
        first = offers.iloc[0]
        hour = (
            ""
            if words.is_missing(first["best_hour"])
            else f", around {int(first['best_hour'])}:00 their time"
        )
        lines.append(f"Best reached by {words.label(first['best_channel'])}{hour}.")
    look.sentences(
        lines, empty="None: recommendations come from products seen or bought, and there are none."
    )


def _timeline(ask: Ask, customer_id: str) -> None:
    look.section("Timeline")
    found = queries.timeline(ask, customer_id)
    if found.empty:
        look.nothing("No touchpoint: the customer is only in a list of members or users.")
        return
    drawn = found.assign(
        kind=found.apply(_kind, axis="columns"), occurred=found["occurred_at"].map(words.instant)
    )
    figure = px.scatter(
        drawn,
        x="occurred_at",
        y="channel_name",
        color="kind",
        color_discrete_map=_KINDS,
        category_orders={"kind": list(_KINDS)},
        hover_name=drawn["line"].map(look.safe),
        hover_data={"occurred_at": False, "channel_name": False, "kind": False, "occurred": True},
    )
    figure.update_traces(marker={"size": 9, "opacity": 0.8})
    figure.update_layout(xaxis_title=None, yaxis_title=None)
    look.chart(figure, key="customer_picture", height=max(220, 90 + 32 * drawn["channel_name"].nunique()))
    shown = look.first(found, _SHOWN_LINES, key="customer_all_lines", what="touchpoints")
    shown = shown.assign(mood=[_mood(row) for row in shown.to_dict("records")])
    look.table(
        shown,
        [
            Column("occurred_at", "When (UTC)", words.instant),
            Column("line", "What", look.text),
            Column("said", "Said", look.text),
            Column("mood", "Sounds", words.label),
        ],
        empty="",
    )


def _kind(row: "pd.Series[Any]") -> str:
    if row["is_conversion"]:
        return "Conversion"
    if row["is_friction"]:
        return "Friction"
    return "The customer acted" if row["direction"] == "inbound" else "We acted"


def _mood(row: dict[str, Any]) -> str | None:
    mood: str | None = row["sentiment_label"] if words.is_missing(row["emotion"]) else row["emotion"]
    return mood


def _orders(ask: Ask, customer_id: str) -> None:
    look.section("Orders")
    look.table(
        queries.orders(ask, customer_id),
        [
            Column("order_id", "Order", look.text),
            Column("ordered_at", "When (UTC)", words.instant),
            Column("channel_sold", "Sold on"),
            Column("channel_fulfilled", "Handed over by"),
            Column("gross_revenue", "Amount", words.money),
            Column("currency", "Currency", look.text),
            Column("state", "State"),
        ],
        empty="No order yet.",
    )


def _why(ask: Ask, customer_id: str) -> None:
    look.section(
        "Why this is one person",
        "Each link is shown by records that carry both identifiers, or by a decision.",
    )
    known = queries.identifiers(ask, customer_id).to_dict("records")
    look.note(
        "Known by "
        + ", ".join(f"{each['identifiers']} {words.label(each['identifier_type']).lower()}" for each in known)
        + "."
        if known
        else "Known by no identifier."
    )
    links = queries.links(ask, customer_id)
    links["joins"] = [
        f"{words.label(row['left_type'])} {short(row['left_value'])} and "
        f"{words.label(row['right_type']).lower()} {short(row['right_value'])}"
        for row in links.to_dict("records")
    ]
    look.table(
        links,
        [
            Column("joins", "Link", look.text),
            Column("link_rule", "Shown by", words.label),
            Column("source_system", "Source"),
            Column("first_seen_at", "First seen", words.day),
            Column("records", "Records", words.count),
        ],
        empty="One identifier alone: there is nothing to link.",
    )
