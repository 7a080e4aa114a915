"""Records with extreme values among the demo's raw inputs: none of them may block the others.

Amounts of fourteen digits, as a barcode in the wrong field; times and birth dates of long ago and far ahead; a channel
that nobody knows; keys that differ in blanks; an answer before its question.
"""

import json
import sqlite3
from contextlib import closing
from typing import Any

from tests.end_to_end.workplace import Workplace

NOW = "2026-10-28T12:00:00Z"
HUGE = 60_000_000_000_000
LARGEST = 99_999_999_999_999
UNKNOWN_CHANNEL = "skywriting"


def plant_extremes(place: Workplace) -> None:
    """Add the records to the raw inputs of a workplace."""
    web = place.data / "landing" / "web" / "extremes.jsonl"
    web.write_text("".join(f"{json.dumps(event)}\n" for event in _events()), encoding="utf-8")
    (place.data / "landing" / "marketing" / "ad_spend" / "extremes.csv").write_text(
        _AD_SPEND, encoding="utf-8"
    )
    with closing(sqlite3.connect(place.data / "store.db")) as store:
        for table, columns, rows in _STORE_ROWS:
            store.executemany(
                f"insert into {table} ({columns}) values ({', '.join('?' * len(rows[0]))})", rows
            )
        store.commit()
    for kind, records in _support_records().items():
        with (place.data / "support" / f"{kind}.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(record)}\n" for record in records)


def _events() -> list[dict[str, Any]]:
    product: dict[str, Any] = {"product_id": "HB-046"}
    orders: list[dict[str, Any]] = [
        {"currency": "GBP", "revenue": LARGEST},
        *[{"currency": "USD", "revenue": HUGE}] * 2,
        {"currency": "USD", "products": [{**product, "price": 10_000_000_000, "quantity": 100_000}]},
        {"currency": "VND", "products": [{**product, "price": 12_000_000_000, "quantity": 1}]},
    ]
    added = {**product, "cart_id": "EXTREME-C", "currency": "USD"}
    births = ["infinity", "-infinity", "0044-03-15 (BC)", "290000-01-01", "9999-12-31", "0001-01-01"]
    moments = ["0001-01-01T00:00:00Z", "1677-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-10-29T23:59:59Z"]
    found = [
        *(
            {"event": "Order Completed", "properties": {**order, "order_id": f"EXTREME-{number}"}}
            for number, order in enumerate(orders, 1)
        ),
        *(
            {"event": "Product Added", "properties": {**added, "price": 1, "quantity": HUGE}}
            for _ in range(2)
        ),
        {"event": "Product Added", "properties": {**added, "price": LARGEST, "quantity": 999_999_999}},
        {
            "event": "Order Refunded",
            "properties": {"order_id": "EXTREME-2", "currency": "USD", "total": LARGEST},
        },
        *(
            {"type": "identify", "userId": f"extreme-{n}", "traits": _born(n, birth)}
            for n, birth in enumerate(births)
        ),
        *(
            {"type": "page", "timestamp": moment, "context": {"timezone": "America/New_York"}}
            for moment in moments
        ),
        {
            "event": "Product Viewed",
            "userId": "qa-extreme",
            "anonymousId": "qa-browser",
            "properties": product,
        },
    ]
    usual = {"type": "track", "userId": "extreme", "anonymousId": "extreme-browser", "timestamp": NOW}
    return [{"messageId": f"extreme-{number}", **usual, **event} for number, event in enumerate(found)]


def _born(number: int, birth: str) -> dict[str, str]:
    return {"email": f"e{number}@extreme.example", "firstName": "Ada", "lastName": "Lace", "birthday": birth}


_AD_SPEND = f"""date,channel,campaign,currency,spend,impressions,clicks
2026-10-27,Paid,extreme,USD,5,10,1
2026-10-27,paid,extreme,USD,7,10,1
2026-10-27,{UNKNOWN_CHANNEL},extreme,USD,-{LARGEST},10,1
2026-10-27,{UNKNOWN_CHANNEL},extreme,USD,,10,1
2026-10-26,{UNKNOWN_CHANNEL},extreme,GBP,{LARGEST},10,1
"""
_STORE_ROWS: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    (
        "transactions",
        "transaction_id, location_id, register_id, kind, currency, subtotal, tax, total, occurred_at, updated_at",
        [
            ("EXTREME-T", "L01", "L01-R1", "sale", "USD", LARGEST, -LARGEST, LARGEST, NOW, NOW),
            ("EXTREME-T ", "L01", "L01-R1", "sale", "USD", 9, 1, 10, NOW, NOW),
            ("\t", "L01", "L01-R1", "sale", "USD", 9, 1, 10, NOW, NOW),
        ],
    ),
    (
        "transaction_lines",
        "transaction_id, line_number, product_id, quantity, unit_price, discount, updated_at",
        [
            ("EXTREME-T", 1, "HB-046", HUGE, HUGE, -HUGE, NOW),
            ("EXTREME-T", 2, "HB-046", -HUGE, LARGEST, 0, NOW),
        ],
    ),
    (
        "loyalty_ledger",
        "entry_id, member_id, kind, points, channel, occurred_at, updated_at",
        [(f"EXTREME-L{number}", "EXTREME-M", "earn", HUGE, "store", NOW, NOW) for number in range(2)],
    ),
]


def _support_records() -> dict[str, list[dict[str, Any]]]:
    now = {"created_at": NOW, "updated_at": NOW}
    ticket = {
        "id": 7800001,
        "requester_id": 7800002,
        "assignee_id": 7800003,
        "subject": "before it began",
        "description": "an answer before its question",
        "status": "solved",
        "priority": "normal",
        "via": {"channel": "email"},
        "tags": [],
        "custom_fields": [],
        **now,
    }
    answer = {"id": 78000002, "event_type": "Comment", "author_id": 7800003, "public": True, "body": "solved"}
    earlier = "2026-10-28T09:00:00Z"
    return {
        "users": [
            {"id": 7800002, "role": "end-user", "name": "Ask", "email": "ask@extreme.example", **now},
            {"id": 7800003, "role": "agent", "name": "Agent", "email": "agent@extreme.example", **now},
        ],
        "tickets": [ticket],
        "ticket_events": [
            {
                "id": 78000001,
                "ticket_id": 7800001,
                "timestamp": 1793178000,
                "created_at": earlier,
                "updater_id": 7800003,
                "via": "email",
                "event_type": "Audit",
                "child_events": [{**answer, "via": {"channel": "email"}}],
            },
            {
                "id": 78000003,
                "ticket_id": None,
                "timestamp": 1793178000,
                "created_at": NOW,
                "child_events": [],
            },
        ],
        "satisfaction_ratings": [
            {"id": 7800005, "ticket_id": None, "requester_id": 7800002, "score": "good", **now}
        ],
    }
