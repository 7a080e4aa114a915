"""A recognisable person in the demo's raw inputs, in every field with personal data.

Whatever is found of them behind the pipeline has leaked: their name, contacts, address, birth date and words
are in no other record.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

from tests.end_to_end.workplace import Workplace

FIRST, LAST = "Zebulon", "Quartermain"
EMAIL = "zebulon.quartermain@planted.example"
PHONE, PHONE_AS_WRITTEN = "+13125550199", "(312) 555-0199"
STREET, POSTCODE = "17 Marigold Turnpike", "ZQ97 7QZ"
BORN = "1957-03-11"
WORDS = "my xylophone arrived full of marmalade"
HANDLE = "@zebulon_q"
PERSON = (
    "zebulon",
    "quartermain",
    "planted.example",
    "3125550199",
    "555-0199",
    "marigold",
    "zq97",
    BORN,
    "xylophone",
    "marmalade",
)

SALT, WEBHOOK, TOKEN = "planted-salt-8841", "http://127.0.0.1:9/services/planted-webhook-8842", "demo-token"
SECRETS = (SALT, "planted-webhook-8842", TOKEN)

_ADDRESS = {"street": STREET, "city": "Chicago", "postalCode": POSTCODE, "country": "US"}
_PAGE = {
    "url": f"https://harbor.example/account?email={EMAIL}&name={FIRST}+{LAST}",
    "path": "/account",
    "search": f"?email={EMAIL}",
    "title": f"Hello {FIRST}",
    "referrer": f"https://harbor.example/login?user={EMAIL}",
}


def plant(place: Workplace) -> None:
    """Add the person to the raw inputs of a workplace, and set the salt of its hashed values."""
    (place.data / ".identity_salt").write_text(SALT, encoding="utf-8")
    _land(place, "web", _web_events())
    _land(place, "marketing", _marketing_events())
    _broken_lines(place)
    _store_rows(place)
    for kind, record in _support_records().items():
        with (place.data / "support" / f"{kind}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")


def _event(number: int, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "messageId": f"planted-{number}",
        "type": kind,
        "anonymousId": "planted-browser",
        "timestamp": f"2026-10-28T10:{number:02}:00Z",
        **more,
    }


def _web_events() -> list[dict[str, Any]]:
    traits = {
        "email": EMAIL,
        "phone": PHONE,
        "name": f"{FIRST} {LAST}",
        "firstName": FIRST,
        "lastName": LAST,
        "birthday": BORN,
        "address": _ADDRESS,
    }
    order = {
        "order_id": "PLANTED-1",
        "currency": "USD",
        "total": 12.5,
        "email": EMAIL,
        "shipping_address": _ADDRESS,
        "note": WORDS,
        "products": [{"product_id": "HB-046", "price": 12.5, "quantity": 1}],
    }
    return [
        _event(1, "page", name="Account", context={"page": _PAGE}, properties=_PAGE),
        _event(2, "identify", userId="planted-user", traits=traits),
        _event(3, "track", event="Products Searched", properties={"query": f"{FIRST} {WORDS}"}),
        _event(
            4, "track", event="Product Reviewed", properties={"product_id": "HB-046", "review_body": WORDS}
        ),
        _event(5, "track", userId="planted-user", event="Order Completed", properties=order),
        _event(6, "track", event="Live Chat Message Sent", properties={"message_body": f"{FIRST}: {WORDS}"}),
        _event(7, "track", event="Contact Form Submitted", properties={"message": WORDS, "email": EMAIL}),
        *_contacts_where_none_belong(),
    ]


def _contacts_where_none_belong() -> list[dict[str, Any]]:
    """Values of columns that do not look personal."""
    campaign = {"source": EMAIL, "medium": "email", "name": f"for {PHONE}", "term": EMAIL, "content": PHONE}
    page = {
        "url": f"https://harbor.example/unsubscribe/{EMAIL.replace('@', '%2540')}",
        "title": PHONE_AS_WRITTEN,
    }
    product = {"product_id": EMAIL, "price": 3, "quantity": 1, "coupon": EMAIL}
    order = {
        "order_id": f"PLANTED {EMAIL}",
        "currency": "USD",
        "total": 3,
        "coupon": PHONE,
        "products": [product],
    }
    return [
        _event(8, "page", name=EMAIL, context={"campaign": campaign, "page": page}, properties=page),
        _event(9, "track", event=f"Called by {PHONE}", properties={"campaign_id": EMAIL, "query": EMAIL}),
        _event(10, "track", event="Order Completed", properties=order),
    ]


def _marketing_events() -> list[dict[str, Any]]:
    message = {"network": "instagram", "handle": HANDLE, "text": f"{FIRST} {LAST} says {WORDS}"}
    return [
        _event(11, "track", event="Social Message Received", properties=message),
        _event(
            12,
            "track",
            event="Email Opened",
            properties={"email": EMAIL},
            context={"traits": {"email": EMAIL}},
        ),
    ]


def _land(place: Workplace, source: str, events: Iterable[Mapping[str, Any]]) -> None:
    file = place.data / "landing" / source / "planted.jsonl"
    file.write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")


def _broken_lines(place: Workplace) -> None:
    """Rejected lines in a mostly good file."""
    good = [json.dumps(_event(20 + number, "page", properties={"path": "/"})) for number in range(5)]
    nobody = json.dumps({**_event(30, "identify", traits={"email": EMAIL}), "timestamp": f"born {BORN}"})
    lines = [*good, f'{{"email": "{EMAIL}", "words": {WORDS}', nobody]
    (place.data / "landing" / "web" / "planted_rejects.jsonl").write_text(
        "\n".join(lines) + "\n", encoding="utf-8"
    )


def _store_rows(place: Workplace) -> None:
    now = "2026-10-28T12:00:00Z"
    member = (
        "PLANTED-M",
        "LOY-PLANTED",
        FIRST,
        LAST,
        EMAIL,
        PHONE,
        BORN,
        POSTCODE,
        "gold",
        now,
        1,
        1,
        now,
        None,
    )
    sale = (
        "PLANTED-T",
        "L01",
        "L01-R1",
        "PLANTED-M",
        EMAIL,
        PHONE_AS_WRITTEN,
        None,
        None,
        "sale",
        "USD",
        9,
        0,
        1,
        10,
    )
    visit = (None, EMAIL, PHONE, None, "visit", None, None, None, "S03", f"{FIRST}: {WORDS}")
    with closing(sqlite3.connect(place.data / "store.db")) as store:
        _insert(store, "members", member)
        _insert(store, "transactions", (*sale, now, now))
        _insert(store, "store_visits", ("PLANTED-V1", "L01", *visit, now, now))
        _insert(store, "store_visits", ("PLANTED-V2", "L01", *visit, f"{FIRST} {BORN}", now))
        store.commit()


def _insert(store: sqlite3.Connection, table: str, row: tuple[Any, ...]) -> None:
    store.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)


def _support_records() -> dict[str, dict[str, Any]]:
    now = {"created_at": "2026-10-28T13:00:00Z", "updated_at": "2026-10-28T13:00:00Z"}
    comment = {
        "id": 77000002,
        "event_type": "Comment",
        "author_id": 7700001,
        "public": True,
        "body": f"I am {FIRST}, {STREET}. {WORDS}",
        "via": {"channel": "email"},
    }
    return {
        # A role that no rule knows makes the row an example of a failed check.
        "users": {
            "id": 7700001,
            "role": f"{FIRST}'s",
            "name": f"{FIRST} {LAST}",
            "email": EMAIL,
            "phone": PHONE,
            **now,
        },
        "tickets": {
            "id": 7700002,
            "requester_id": 7700001,
            "subject": f"{FIRST} {LAST}",
            "description": f"{WORDS}. Call {PHONE_AS_WRITTEN}.",
            "status": "solved",
            "priority": "normal",
            "via": {"channel": "email"},
            "tags": [],
            "custom_fields": [{"id": 1, "value": f"{STREET} {POSTCODE}"}],
            **now,
        },
        "ticket_events": {
            "id": 77000001,
            "ticket_id": 7700002,
            "timestamp": 1793192400,
            "created_at": now["created_at"],
            "updater_id": 7700001,
            "via": "email",
            "event_type": "Audit",
            "child_events": [comment],
        },
        "satisfaction_ratings": {
            "id": 7700003,
            "ticket_id": 7700002,
            "requester_id": 7700001,
            "score": "bad",
            "comment": f"{FIRST}: {WORDS}",
            **now,
        },
    }
