"""The part of the page Customer 360 with the profile."""

from typing import Any

import pandas as pd

from dashboards import look, words
from dashboards.look import Column
from dashboards.publication import Ask
from dashboards.queries import customer as queries


def show_profile(row: "pd.Series[Any]") -> None:
    """Show a row of `dim_customers`, with the expected value, as tiles and sentences."""
    name = row["full_name"] if not words.is_missing(row["full_name"]) else "Name unknown"
    look.heading(str(name) if row["is_identified"] else "A browser or device that nobody has signed in on")
    look.note(f"{row['customer_id']}" + ("; one of the company's own people" if row["is_internal"] else ""))
    currency = row["reporting_currency"]
    loyalty = words.NONE if words.is_missing(row["loyalty_tier"]) else words.label(row["loyalty_tier"])
    points = "" if words.is_missing(row["loyalty_points"]) else f"{words.count(row['loyalty_points'])} points"
    if not words.is_missing(row["stored_value_currency"]):
        points += f", {words.money(row['stored_value'])} {row['stored_value_currency']} on the card"
    look.tiles(
        [
            ("Stage", words.label(row["lifecycle_stage"]), words.label(row["kind"])),
            ("Loyalty", loyalty, points),
            (
                "Purchases",
                words.count(row["orders"] + row["bookings"] + row["applications"]),
                _last_bought(row),
            ),
            (f"Net revenue, {currency}", words.money(row["net_revenue"]), words.label(row["segment"])),
            (f"Expected in 12 months, {currency}", words.money(row["expected_value_12m"]), _alive(row)),
            ("CSAT", words.share(row["csat"]), words.counted(row["support_cases"], "case")),
            ("Sentiment", _sentiment(row["sentiment"]), "of their texts"),
            ("Consent to e-mail", _consent(row["consent_email"]), f"SMS: {_consent(row['consent_sms'])}"),
        ]
    )
    used = words.NONE if words.is_missing(row["channels_used"]) else row["channels_used"].replace(" > ", ", ")
    campaign = "" if words.is_missing(row["campaign_name"]) else f", campaign {row['campaign_name']}"
    look.sentences(
        [
            f"Came by {words.label(row['acquisition_channel'])}{campaign} on {words.day(row['first_touchpoint_at'])}; "
            f"last met on {words.day(row['last_touchpoint_at'])}.",
            f"Channels used: {', '.join(words.label(each.strip()) for each in used.split(','))}; "
            f"prefers {words.label(row['preferred_channel'])}. To browse: "
            f"{words.label(row['preferred_channel_browse'])}; to buy: {words.label(row['preferred_channel_buy'])}; "
            f"for help: {words.label(row['preferred_channel_service'])}.",
            f"Household: {_household(row['people_in_household'])}.",
            f"Changes of channel: {words.count(row['handoffs_continued'])} carried on, "
            f"{words.count(row['handoffs_restarted'])} started over.",
        ],
        empty="",
    )


def show_banners(ask: Ask, customer_id: str) -> None:
    """Show the banners that a customer met."""
    found = queries.banners(ask, customer_id)
    look.sentences(
        [
            f"{words.label(each['banner'])}: since {words.day(each['first_seen_at'])}, "
            f"{words.counted(each['orders'], 'order')}, "
            f"{words.money(each['net_revenue'])} {each['reporting_currency']}."
            for each in found.to_dict("records")
        ],
        empty="",
    )


def _household(people: Any) -> str:
    if words.is_missing(people):
        return "not known, as no postal address was stated"
    return "lives alone" if people == 1 else f"{words.count(people)} people whom we know"


def _last_bought(row: "pd.Series[Any]") -> str:
    last = row["last_order_at"]
    return "no order yet" if words.is_missing(last) else f"last order {words.day(last)}"


def _alive(row: "pd.Series[Any]") -> str:
    alive = row["probability_alive"]
    return "" if words.is_missing(alive) else f"still a customer: {words.share(alive)}"


def _sentiment(value: Any) -> str:
    if words.is_missing(value):
        return words.NONE
    return "Good" if value > 0.2 else "Bad" if value < -0.2 else "Neutral"


def _consent(value: Any) -> str:
    return "not asked" if words.is_missing(value) else "yes" if value else "no"


def show_attributes(ask: Ask, customer_id: str) -> None:
    """Show the stated attributes of a customer, by source and time, and which value counts."""
    look.section(
        "What was stated",
        "Every name and contact that a source has stated, with the one that counts first, by the rule of the field.",
    )
    found = queries.attributes(ask, customer_id)
    found["value"] = found["attribute_value"].map(short)
    found["counts"] = found["is_current"].map({True: "yes", False: "no"})
    found["verified"] = found["is_verified"].map({True: "yes", False: "no"})
    look.table(
        look.first(found, 10, key="customer_all_attributes", what="values"),
        [
            Column("attribute", "Field"),
            Column("value", "Value", look.text),
            Column("source", "Stated by"),
            Column("last_stated_at", "Last stated", words.day),
            Column("verified", "Used by the customer"),
            Column("counts", "Counts"),
        ],
        empty="Nobody has stated a name or a contact.",
    )


def short(value: str) -> str:
    """Return the first characters of a hash, which suffice to distinguish two; other values whole."""
    return f"{value[:6]}…" if len(value) == 64 else value
