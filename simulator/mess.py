"""Faults of real data: how often each happens, and how it looks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Rate:
    """The rate of a fault, as a share of its chances."""

    share: float
    of: str


RATES: Mapping[str, Rate] = {
    "typo_in_name": Rate(0.04, "names typed by a cashier or an agent"),
    "typo_in_email": Rate(0.03, "email addresses typed by a cashier or an agent"),
    "placeholder_contact": Rate(
        0.06, "sales to strangers, with a synthetic contact because the screen requires one"
    ),
    "double_enrolment": Rate(0.03, "loyalty members, who get a second card under a second number"),
    "lent_card": Rate(0.03, "sales to members who live with another member, with that member's card"),
    "shared_tablet": Rate(0.40, "households of two or more"),
    "shared_landline": Rate(0.30, "households of two or more"),
    "shared_payment_card": Rate(0.15, "households of two or more"),
    "lost_cookie": Rate(0.10, "browsers of a person, which get a new anonymous id half-way"),
    "late_session": Rate(0.03, "web and app sessions, delivered one to six days late"),
    "duplicate_delivery": Rate(0.01, "messages, which are delivered again in another file under the same id"),
    "no_timestamp_but_original": Rate(0.005, "messages, which have only originalTimestamp"),
    "local_offset": Rate(0.10, "app devices, which write their timestamps with a local offset"),
    "amount_as_text": Rate(
        0.10, "app devices, which write amounts as text, with a dollar sign in any country"
    ),
    "unreadable_order": Rate(0.03, "online orders, whose amounts are not numbers"),
    "unreadable_refund": Rate(0.20, "refunds, whose amount is written in words"),
    "refund_in_dollars": Rate(0.60, "refunds outside the United States, which the sender labels USD"),
    "only_total": Rate(0.03, "online orders, which state only the total, with shipping"),
    "unnumbered_order": Rate(0.02, "orders on the web, which state no number"),
    "broken_line": Rate(0.002, "lines of event files, each followed by a line that cannot be read"),
    "unsorted_file": Rate(0.10, "event files, whose lines are in no order"),
    "gzip_file": Rate(0.40, "event files"),
    "batch_file": Rate(0.15, "event files, whose messages come in batch envelopes"),
    "price_difference": Rate(0.06, "products, which cost more in the store than online"),
    "late_store_row": Rate(0.02, "store transactions, whose row changes again up to ten days later"),
    "cancelled_order": Rate(0.04, "online orders, cancelled within the hour"),
    "refunded_order": Rate(0.10, "online orders, partly sent back and refunded"),
    "returned_in_store": Rate(0.07, "orders and sales, partly returned in a store"),
    "exchanged_in_store": Rate(0.04, "orders and sales, partly exchanged in a store"),
    "no_receipt": Rate(0.10, "returns in a store, of an unknown order"),
    "shop_phone": Rate(0.60, "sales in two shops, where the cashier types the shop's own number"),
    "test_card": Rate(0.02, "people; for each, one sale that a technician rings up with a test card"),
    "failed_payment": Rate(0.05, "online checkouts"),
    "rage_clicks": Rate(
        0.015, "product views on the web, with four clicks on an element that does not respond"
    ),
    "dead_click": Rate(0.02, "product views on the web, with a click on an element without effect"),
    "alias_of_another": Rate(
        0.30, "sign-ins on a shared tablet, which the library takes for another name of another person"
    ),
    "redeemed_twice": Rate(
        0.1, "redemptions, which the ledger books twice, so that the account is below zero"
    ),
    "second_channel": Rate(0.10, "service contacts, repeated on another channel by an impatient customer"),
    "message_after_unsubscribe": Rate(0.30, "people who unsubscribed"),
    "bot_visit": Rate(0.05, "people; for each, one visit by a crawler"),
}

PLACEHOLDER_EMAILS = (
    "test@test.com",
    "none@none.com",
    "info@example.com",
    "noemail@noemail.com",
    "a@a.com",
    "null",
)
PLACEHOLDER_PHONES = ("0000000000", "9999999999", "1234567890", "555-555-5555")
_WRONG_DOMAINS = {"example.com": "exmaple.com", "example.org": "example.ogr", "example.net": "exampel.net"}


class Mishaps:
    """Draws each fault, and counts chances and faults."""

    def __init__(self, rates: Mapping[str, Rate] = RATES) -> None:
        self.rates = rates
        self.chances: Counter[str] = Counter()
        self.made: Counter[str] = Counter()

    def happens(self, name: str, rng: Random) -> bool:
        """Return whether the fault happens this time."""
        self.chances[name] += 1
        if rng.random() >= self.rates[name].share:
            return False
        self.made[name] += 1
        return True

    def name_as_typed(self, name: str, rng: Random) -> str:
        """Return a name as a cashier types it, sometimes with an error."""
        return misspelt(name, rng) if self.happens("typo_in_name", rng) else name

    def email_as_typed(self, email: str, rng: Random) -> str:
        """Return an email address as a cashier types it: in any case, sometimes with an error."""
        if self.happens("typo_in_email", rng):
            return mistyped_email(email, rng)
        shape = rng.random()
        if shape < 0.10:
            return email.upper()
        if shape < 0.20:
            return email.title()
        return email + " " if shape < 0.23 else email

    def account(self) -> dict[str, dict[str, str | int | float]]:
        """Return by fault its rate, its base, and how often it happened."""
        return {
            name: {
                "rate": rate.share,
                "of": rate.of,
                "chances": self.chances[name],
                "made": self.made[name],
            }
            for name, rate in self.rates.items()
        }


def misspelt(word: str, rng: Random) -> str:
    """Swap two neighbouring letters of a word, or leave one out, or write one twice; never as it was."""
    if len(word) < 3:
        return word + word[-1]
    at = rng.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    dropped = word[:at] + word[at + 1 :]
    doubled = word[:at] + word[at] + word[at:]
    return next(wrong for wrong in (rng.choice((swapped, dropped, doubled)), dropped) if wrong != word)


def mistyped_email(email: str, rng: Random) -> str:
    """Misspell the first name or the domain of an address like ``mia.berg17@example.org``."""
    local, _, domain = email.partition("@")
    if rng.random() < 0.4:
        return f"{local}@{_WRONG_DOMAINS.get(domain, domain + 'm')}"
    first, dot, rest = local.partition(".")
    return f"{misspelt(first, rng)}{dot}{rest}@{domain}"
