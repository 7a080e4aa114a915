"""A family of ten that shares a phone; four share a tablet. Everybody has texts with unique words."""

from dataclasses import dataclass
from pathlib import Path

from tests.scenarios.story import Record, Story

NOW = "2026-06-10T00:00:00Z"
NAMES = ("Aurelia", "Bartholomew", "Clementine", "Desmond", "Evangeline", "Florian", "Gwendolyn", "Horatio")
FAMILY = (*NAMES, "Isadora", "Jeremiah")
TABLET, TELEPHONE = "tablet-of-all", "+14155550177"
# A browser on which none of them ever signed in.
STRANGER = "w-stranger-quill"
ON_TABLET, WITH_TICKETS = range(4), (0, 3, 6)


@dataclass(frozen=True)
class Member:
    """One of the family, by number."""

    number: int

    @property
    def name(self) -> str:
        """The full name."""
        return f"{FAMILY[self.number]} Quillfeather"

    @property
    def email(self) -> str:
        """The address, in no other record."""
        return f"{FAMILY[self.number].lower()}@quillfeather.example"

    @property
    def words(self) -> str:
        """What only this one says."""
        return f"{FAMILY[self.number].lower()} adores marmalade number {self.number}"

    @property
    def traces(self) -> list[str]:
        """All by which this one may be found in a file."""
        number = self.number
        ids = [f"u-quill-{number}", f"w-quill-{number}", f"member-quill-{number}", f"loyal-quill-{number}"]
        own = [*ids, self.email, self.email.upper(), self.name, self.words, f"card-quill-{number}"]
        return [*own, "u-second-quill"] if number == 0 else own


def family() -> Story:
    """The records of the ten."""
    members = [Member(number) for number in range(len(FAMILY))]
    return Story(
        name="family",
        path=Path("family"),
        story="ten people",
        now=NOW,
        expect=[],
        web=[*_web_of_stranger(), *(message for member in members for message in _web(member))],
        marketing=[_mail(member) for member in members],
        store=_store(members),
        support=_support(members),
    )


def _web_of_stranger() -> list[Record]:
    return [
        {
            "type": "page",
            "name": name,
            "messageId": f"stranger-{name}",
            "anonymousId": STRANGER,
            "timestamp": "2026-06-09T10:00:00Z",
        }
        for name in ("Jam", "Bread")
    ]


def _web(member: Member) -> list[Record]:
    number, day = member.number, f"2026-05-{member.number + 1:02}"
    own = {"anonymousId": f"w-quill-{number}", "userId": f"u-quill-{number}"}
    messages: list[Record] = [
        {"type": "page", "name": "Home", "anonymousId": own["anonymousId"], "timestamp": f"{day}T08:00:00Z"},
        {"type": "identify", **own, "timestamp": f"{day}T08:01:00Z", "traits": _traits(member)},
        _track(
            "Product Reviewed", f"{day}T08:02:00Z", own, {"product_id": "jam", "review_body": member.words}
        ),
        _track(
            "Order Completed",
            f"{day}T08:03:00Z",
            own,
            {
                "order_id": f"quill-order-{number}",
                "revenue": 20 + number,
                "currency": "USD",
                "email": member.email,
            },
        ),
    ]
    if number == 0:
        at = f"{day}T09:00:00Z"
        messages.append(
            {"type": "alias", "previousId": "u-quill-0", "userId": "u-second-quill", "timestamp": at}
        )
    if number == 5:
        # Another person's record that contains an erased person in an unexpected field.
        messages.append(
            _track(
                "Coupon Applied",
                f"{day}T08:04:00Z",
                own,
                {"gift_note": f"from {Member(0).email}", "cart_id": "jam"},
            )
        )
    if number in ON_TABLET:
        tablet = {"anonymousId": TABLET}
        messages += [
            {"type": "identify", **tablet, "userId": own["userId"], "timestamp": f"{day}T20:00:00Z"},
            {"type": "page", "name": "Jam", **tablet, "timestamp": f"{day}T20:05:00Z"},
            _track(f"Waved At By {member.name}", f"{day}T20:07:00Z", tablet, {member.email: 1}),
            {"type": "page", "name": f"Bread for {member.name}", **tablet, "timestamp": f"{day}T20:06:00Z"},
        ]
    return messages


def _track(event: str, at: str, ids: Record, properties: Record) -> Record:
    return {"type": "track", "event": event, **ids, "timestamp": at, "properties": properties}


def _traits(member: Member) -> Record:
    return {"email": member.email.upper() if member.number % 2 else member.email, "name": member.name}


def _mail(member: Member) -> Record:
    context = {"channel": "email", "traits": {"email": member.email}}
    at = f"2026-05-{member.number + 1:02}T12:00:00Z"
    return {
        "type": "track",
        "event": "Email Delivered",
        "timestamp": at,
        "context": context,
        "properties": {},
    }


def _store(members: list[Member]) -> dict[str, list[Record]]:
    return {
        "locations": [
            {"location_id": "L1", "name": "Corner", "kind": "store", "timezone": "UTC", "updated_at": NOW}
        ],
        "members": [_member(member) for member in members],
        "transactions": [_sale(member) for member in members],
        "store_visits": [_visit_at_no_time(member) for member in members if member.number in (0, 5)],
        "transaction_lines": [
            {
                "transaction_id": f"quill-sale-{member.number}",
                "line_number": 1,
                "product_id": "jam",
                "quantity": 1,
                "unit_price": 7,
                "discount": 0,
            }
            for member in members
        ],
    }


def _member(member: Member) -> Record:
    first, last = member.name.split()
    number = member.number
    ids = {"member_id": f"member-quill-{number}", "loyalty_id": f"loyal-quill-{number}"}
    contacts = {"first_name": first, "last_name": last, "email": member.email, "phone": TELEPHONE}
    return {**ids, **contacts, "enrolled_at": "2026-01-02T00:00:00Z", "consent_email": number % 2 == 0}


def _visit_at_no_time(member: Member) -> Record:
    """A record that is rejected; the reason quotes the invalid time."""
    ids = {"visit_id": f"visit-quill-{member.number}", "location_id": "L1", "email": member.email}
    return {**ids, "kind": "visit", "notes": member.words, "occurred_at": f"{member.name} soon"}


def _sale(member: Member) -> Record:
    number = member.number
    return {
        "transaction_id": f"quill-sale-{number}",
        "location_id": "L1",
        "member_id": f"member-quill-{number}",
        "payment_token": f"card-quill-{number}",
        "kind": "sale",
        "currency": "USD",
        "subtotal": 7,
        "discount": 0,
        "tax": 0,
        "total": 7,
        "occurred_at": f"2026-05-{number + 12:02}T10:00:00Z",
    }


def _support(members: list[Member]) -> dict[str, list[Record]]:
    asking = [member for member in members if member.number in WITH_TICKETS]
    return {
        "users": [
            {"id": 700 + m.number, "role": "end-user", "name": m.name, "email": m.email, "created_at": NOW}
            for m in asking
        ],
        "tickets": [
            {
                "id": 9_100_700 + m.number,
                "requester_id": 700 + m.number,
                "subject": "Jam",
                "description": m.words,
                "status": "open",
                "via": {"channel": "email"},
                "tags": [],
                "created_at": "2026-06-01T10:00:00Z",
                "updated_at": "2026-06-01T11:00:00Z",
            }
            for m in asking
        ],
    }
