"""The ``ecom`` events that retentioneering ships, written as the Segment messages a shop would have sent.

Desktop rows become web messages, mobile and tablet rows become app messages, a row each. The data knows no
products, carts or orders: a purchase gets an order id of its own, and the true ``session_id`` stays here.
"""

import csv
import gzip
import importlib.util
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The data's event -> (message type, Segment's event name or the page's name).
EVENTS = {
    "home": ("page", "Home"),
    "catalog": ("track", "Product List Viewed"),
    "product_view": ("track", "Product Viewed"),
    "search": ("track", "Products Searched"),
    "filter_results": ("track", "Product List Filtered"),
    "promo_page": ("track", "Promotion Viewed"),
    "add_to_cart": ("track", "Product Added"),
    "cart": ("track", "Cart Viewed"),
    "shipping_details": ("track", "Checkout Step Viewed"),
    "payment_details": ("track", "Payment Info Entered"),
    "purchase": ("track", "Order Completed"),
    "wishlist_add": ("track", "Product Added to Wishlist"),
    "account_page": ("page", "Account"),
    "review_page": ("page", "Reviews"),
    "support_chat": ("page", "Support chat"),
    "error_page": ("page", "Error"),
    "compare": ("track", "Product Compared"),
    "payment_error": ("track", "Payment Failed"),
    "checkout_bug": ("track", "Checkout Bug"),
}


@dataclass(frozen=True)
class EcomEvent:
    """One row of the data; ``number`` is its place in the file, from 0."""

    number: int
    user_id: str
    session_id: str
    event: str
    timestamp: str
    platform: str

    @property
    def message_id(self) -> str:
        """The id of the message the row becomes."""
        return f"ecom-{self.number}"

    @property
    def source(self) -> str:
        """``web`` or ``app``."""
        return "web" if self.platform == "desktop" else "app"

    @property
    def kind(self) -> str:
        """The type of the message the row becomes: ``track``, ``page`` or, in the app, ``screen``."""
        kind, _ = EVENTS[self.event]
        return "screen" if kind == "page" and self.source == "app" else kind

    @property
    def spoken_name(self) -> str:
        """What the message says happened: the event's name, or that a page or screen was seen."""
        return EVENTS[self.event][1] if self.kind == "track" else self.kind


def ecom_file() -> Path | None:
    """Where the package keeps the data, or None if it is not installed (it is never imported)."""
    package = importlib.util.find_spec("retentioneering")
    if package is None or not package.submodule_search_locations:
        return None
    path = Path(package.submodule_search_locations[0]) / "datasets" / "ecom.csv.gz"
    return path if path.exists() else None


def read_events(path: Path) -> list[EcomEvent]:
    """All rows of the data, in the file's order."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [
            EcomEvent(
                number=number,
                user_id=row["user_id"],
                session_id=row["session_id"],
                event=row["event"],
                timestamp=row["timestamp"],
                platform=row["platform"],
            )
            for number, row in enumerate(csv.DictReader(file))
        ]


def message(event: EcomEvent) -> dict[str, Any]:
    """Write one row as a Segment message: one browser or device per user and platform, times in UTC."""
    _, name = EVENTS[event.event]
    device = f"{event.user_id}-{event.platform}"
    message: dict[str, Any] = {
        "messageId": event.message_id,
        "type": event.kind,
        "userId": event.user_id,
        "anonymousId": device,
        "timestamp": event.timestamp.replace(" ", "T") + "Z",
        "event" if event.kind == "track" else "name": name,
        "properties": {},
    }
    if event.event == "purchase":
        message["properties"]["order_id"] = f"order-{event.number}"
    if event.source == "app":
        message["context"] = {"device": {"id": device, "type": event.platform}}
    return message


def land(events: list[EcomEvent], landing: Path) -> None:
    """Write the messages under ``landing``/web (plain) and ``landing``/app (gzipped), a file a month."""
    lines: dict[Path, list[str]] = defaultdict(list)
    for event in events:
        suffix = "jsonl" if event.source == "web" else "jsonl.gz"
        file = landing / event.source / f"{event.timestamp[:7]}.{suffix}"
        lines[file].append(json.dumps(message(event)) + "\n")
    for file, text in lines.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        data = "".join(text).encode()
        file.write_bytes(gzip.compress(data, mtime=0) if file.suffix == ".gz" else data)


def true_sessions(events: list[EcomEvent]) -> frozenset[frozenset[str]]:
    """Partition the message ids by the data's own session id."""
    return partition((event.session_id, event.message_id) for event in events)


def partition(members: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> frozenset[frozenset[str]]:
    """Return the sets of members of (group, member) pairs, without the names of groups."""
    groups: dict[str, set[str]] = defaultdict(set)
    for group, member in members:
        groups[group].add(member)
    return frozenset(frozenset(found) for found in groups.values())
