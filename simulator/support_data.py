"""The objects of the support API, and their construction from a story's ``support:`` block."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

Record = dict[str, Any]

TICKET_FIELDS = (
    "id",
    "requester_id",
    "assignee_id",
    "subject",
    "description",
    "status",
    "priority",
    "via",
    "tags",
    "custom_fields",
    "external_id",
    "satisfaction_rating",
    "created_at",
    "updated_at",
)
USER_FIELDS = ("id", "role", "name", "email", "phone", "external_id", "tags", "created_at", "updated_at")
RATING_FIELDS = (
    "id",
    "ticket_id",
    "requester_id",
    "assignee_id",
    "score",
    "comment",
    "created_at",
    "updated_at",
)
LIST_FIELDS = frozenset({"tags", "custom_fields"})
FINISHED = frozenset({"solved", "closed"})
FIRST_AUDIT_ID = 5_000_000
FIRST_CHILD_ID = 6_000_000
FIRST_RATING_ID = 7_000_000


@dataclass(frozen=True)
class SupportData:
    """All data of a support system, as the API's JSON objects, in any order."""

    tickets: list[Record] = field(default_factory=list)
    users: list[Record] = field(default_factory=list)
    ticket_events: list[Record] = field(default_factory=list)
    satisfaction_ratings: list[Record] = field(default_factory=list)


def support_data(block: Mapping[str, Any]) -> SupportData:
    """Turn a story's ``support:`` block into what the API serves.

    The block has lists under ``users``, ``tickets``, ``comments``, and optionally ``ticket_events`` and
    ``satisfaction_ratings``; instants are ISO 8601 text or datetimes. Fields left out become null (lists:
    empty), ``updated_at`` becomes ``created_at``. A comment becomes an audit of its own; a solved or closed
    ticket gets an audit that changes its status at ``updated_at`` (or at the ticket's own ``solved_at``),
    unless the block's ``ticket_events`` already contain one. Raises ValueError for an unknown key or an invalid
    instant.
    """
    unknown = set(block) - {"users", "tickets", "comments", "ticket_events", "satisfaction_ratings"}
    if unknown:
        raise ValueError(f"support block: unknown keys {', '.join(sorted(unknown))}")
    tickets = _given(block, "tickets")
    given = [_audit_as_given(event) for event in _given(block, "ticket_events")]
    audit_ids, child_ids = count(FIRST_AUDIT_ID), count(FIRST_CHILD_ID)
    comments = [_comment_audit(c, next(audit_ids), next(child_ids)) for c in _given(block, "comments")]
    solved = [
        _solved_audit(ticket, next(audit_ids), next(child_ids))
        for ticket in tickets
        if ticket.get("status") in FINISHED and not _has_the_end_of(ticket["id"], given)
    ]
    ratings = [
        _completed({"id": FIRST_RATING_ID + number, **rating}, RATING_FIELDS)
        for number, rating in enumerate(_given(block, "satisfaction_ratings"))
    ]
    return SupportData(
        tickets=[_completed(ticket, TICKET_FIELDS) for ticket in tickets],
        users=[_completed(user, USER_FIELDS) for user in _given(block, "users")],
        ticket_events=[*given, *comments, *solved],
        satisfaction_ratings=ratings,
    )


def audit(
    audit_id: int,
    ticket_id: int,
    author_id: int | None,
    at: str,
    channel: str | None,
    children: Sequence[Record],
) -> Record:
    """Build one ticket event as Zendesk exports it: an audit of what was done to a ticket at one instant."""
    return {
        "id": audit_id,
        "ticket_id": ticket_id,
        "timestamp": unix_seconds(at),
        "created_at": at,
        "updater_id": author_id,
        "via": channel,
        "system": {},
        "event_type": "Audit",
        "child_events": list(children),
    }


def comment(child_id: int, author_id: int | None, body: str, public: bool, channel: str | None) -> Record:
    """Build the child event of a comment, as sideloaded by ``include=comment_events``."""
    return {
        "id": child_id,
        "event_type": "Comment",
        "type": "Comment",
        "author_id": author_id,
        "public": public,
        "body": body,
        "html_body": f"<p>{body}</p>",
        "via": {"channel": channel} if channel else None,
        "via_reference_id": None,
    }


def change(child_id: int, name: str, value: Any, previous: Any) -> Record:
    """Build the child event of a changed ticket field: the field itself is a key, as Zendesk has it."""
    return {
        "id": child_id,
        "event_type": "Change",
        name: value,
        "previous_value": previous,
        "via": None,
        "via_reference_id": None,
    }


def unix_seconds(at: str) -> int:
    """Return the whole seconds since 1970 of ISO 8601 text with an offset; raises ValueError without one."""
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None:
        raise ValueError(f"instant {at!r} has no offset")
    return int(moment.timestamp())


def _given(block: Mapping[str, Any], key: str) -> list[Record]:
    """Copy the block's records under ``key``, instants as text."""
    rows: Iterable[Mapping[str, Any]] = block.get(key) or []
    return [{name: _as_text(value) for name, value in row.items()} for row in rows]


def _as_text(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError(f"instant {value} has no offset")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _completed(record: Record, fields: Sequence[str]) -> Record:
    """Return the record with every field that Zendesk sends, and further fields of the story."""
    whole: Record = {name: [] if name in LIST_FIELDS else None for name in fields} | record
    whole.pop("solved_at", None)
    whole["updated_at"] = whole["updated_at"] or whole["created_at"]
    return whole


def _audit_as_given(event: Record) -> Record:
    """Complete a ticket event of the story with the fields Zendesk derives."""
    return (
        audit(event["id"], event["ticket_id"], event.get("updater_id"), event["created_at"], None, []) | event
    )


def _comment_audit(given: Record, audit_id: int, child_id: int) -> Record:
    channel = given.get("channel") or (given.get("via") or {}).get("channel")
    child = comment(
        given.get("id", child_id),
        given.get("author_id"),
        given.get("body", ""),
        given.get("public", True),
        channel,
    )
    return audit(audit_id, given["ticket_id"], given.get("author_id"), given["created_at"], channel, [child])


def _solved_audit(ticket: Record, audit_id: int, child_id: int) -> Record:
    at = ticket.get("solved_at") or ticket.get("updated_at") or ticket["created_at"]
    child = change(child_id, "status", ticket["status"], "open")
    return audit(audit_id, ticket["id"], ticket.get("assignee_id"), at, None, [child])


def _has_the_end_of(ticket_id: int, events: Iterable[Record]) -> bool:
    return any(
        event["ticket_id"] == ticket_id
        and any(child.get("status") in FINISHED for child in event.get("child_events", []))
        for event in events
    )
