"""Which identifiers a raw record carries, and its key and instant, as SQL over the raw table's own columns.

The values are as they are written but for what never sets two apart: capitals of an e-mail address, the signs and the
country code of a phone number, blanks around anything.
"""

from dataclasses import dataclass

from storage.sql import literal

# Fields of Segment messages that say who somebody is, in the spellings that staging reads.
_TRAITS = {
    "email": ("email",),
    "phone": ("phone",),
    "loyalty_id": ("loyalty_id", "loyaltyId", "loyaltyID"),
    "member_id": ("member_id", "memberId", "memberID"),
}
_DEVICES = {"device_id": "$.device.id", "advertising_id": "$.device.advertisingId"}
# A phone number has at least so many digits.
_PHONE_DIGITS, _FEWEST_DIGITS = 9, 7


@dataclass(frozen=True)
class Carried:
    """A raw table: its key, the SQL of when a record happened, and by kind the SQL of the identifiers it carries."""

    key: tuple[str, ...]
    instant: str
    identifiers: tuple[tuple[str, str], ...]
    # What other records of the same source it hangs on: kind and column, such as a line on its receipt.
    hangs_on: tuple[tuple[str, str], ...] = ()

    @property
    def key_text(self) -> str:
        """SQL of the key as one text."""
        return "concat_ws(':', " + ", ".join(f'"{name}"::VARCHAR' for name in self.key) + ")"

    @property
    def pairs(self) -> str:
        """SQL of a list of structs (kind, value), values comparable; some values are null."""
        packed = [
            f"struct_pack(kind := {literal(kind)}, value := {comparable(kind, value)})"
            for kind, value in self.identifiers
        ]
        return f"[{', '.join(packed)}]"


def comparable(kind: str, value: str) -> str:
    """SQL of an identifier in the form in which two spellings of one are equal."""
    text = f"nullif(trim(({value})::VARCHAR), '')"
    if kind == "email":
        return f"lower({text})"
    if kind == "phone":
        digits = f"regexp_replace({text}, '[^0-9]', '', 'g')"
        return f"CASE WHEN length({digits}) >= {_FEWEST_DIGITS} THEN right({digits}, {_PHONE_DIGITS}) END"
    return text


def _of_message() -> tuple[tuple[str, str], ...]:
    own = [("user_id", "user_id"), ("anonymous_id", "anonymous_id"), ("anonymous_id", "previous_id")]
    places = [("traits", "$."), ("context", "$.traits."), ("properties", "$.")]
    of_traits = [
        (kind, f"json_extract_string({document}, {literal(path + name)})")
        for document, path in places
        for kind, names in _TRAITS.items()
        for name in names
    ]
    devices = [(kind, f"json_extract_string(context, {literal(path)})") for kind, path in _DEVICES.items()]
    return (*own, *of_traits, *devices)


_EVENTS = Carried(("message_id",), '"timestamp"', _of_message())
_CONTACTS = (("member_id", "member_id"), ("email", "email"), ("phone", "phone"))

CARRIED: dict[str, Carried] = {
    **{f"{source}_events": _EVENTS for source in ("web", "app", "marketing")},
    "store_members": Carried(("member_id",), "enrolled_at", (*_CONTACTS, ("loyalty_id", "loyalty_id"))),
    "store_transactions": Carried(
        ("transaction_id",),
        "occurred_at",
        (
            ("member_id", "member_id"),
            ("email", "customer_email"),
            ("phone", "customer_phone"),
            ("payment_token", "payment_token"),
        ),
    ),
    "store_transaction_lines": Carried(
        ("transaction_id", "line_number"), "updated_at", (), (("store_transactions", "transaction_id"),)
    ),
    "store_loyalty_ledger": Carried(("entry_id",), "occurred_at", (("member_id", "member_id"),)),
    "store_visits": Carried(("visit_id",), "occurred_at", (*_CONTACTS, ("device_id", "device_id"))),
    "support_users": Carried(
        ("id",),
        "created_at",
        (("support_user_id", "id"), ("user_id", "external_id"), ("email", "email"), ("phone", "phone")),
    ),
    "support_tickets": Carried(("id",), "created_at", (("support_user_id", "requester_id"),)),
    "support_ticket_events": Carried(("id",), "created_at", (), (("support_tickets", "ticket_id"),)),
    "support_satisfaction_ratings": Carried(
        ("id",), "created_at", (("support_user_id", "requester_id"),), (("support_tickets", "ticket_id"),)
    ),
}
