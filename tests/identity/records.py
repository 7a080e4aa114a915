"""Records that show identifiers together, as a story has them, written straight into the raw tables."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Record:
    """One record; ``identifiers`` by type, ``minute`` orders records in event time."""

    minute: int
    identifiers: dict[str, str]
    kind: str = "identify"
    traits: dict[str, str] = field(default_factory=dict)
    previous_id: str | None = None

    @property
    def occurred_at(self) -> datetime:
        """The instant of the record."""
        return EPOCH + timedelta(minutes=self.minute)


def identify(minute: int, **identifiers: str) -> Record:
    """A message of the web feed that shows ``identifiers`` together."""
    return Record(minute, identifiers)


def alias(minute: int, previous_id: str, user_id: str) -> Record:
    """A message of the web feed that replaces ``previous_id`` by an account."""
    return Record(minute, {"user_id": user_id}, "alias", previous_id=previous_id)


def member(
    minute: int, first_name: str | None = None, birth_date: str | None = None, **identifiers: str
) -> Record:
    """A row of the loyalty programme; ``member_id`` is its key."""
    traits = {"first_name": first_name, "birth_date": birth_date}
    return Record(minute, identifiers, "member", {name: value for name, value in traits.items() if value})


def receipt(minute: int, **identifiers: str) -> Record:
    """A till transaction with an email, a phone, a member or a card."""
    return Record(minute, identifiers, "receipt")


def write(
    warehouse: duckdb.DuckDBPyConnection, records: list[Record], namespace: str, loaded_at: datetime
) -> None:
    """Append ``records`` to the raw tables, their keys made unique by ``namespace``."""
    for number, record in enumerate(records):
        key = f"{namespace}-{record.minute}-{number}"
        writer = {
            "identify": _identify_row,
            "alias": _identify_row,
            "member": _member_row,
            "receipt": _receipt_row,
        }[record.kind]
        table, row = writer(record, key)
        _insert(warehouse, table, {**row, "record_hash": key, "loaded_at": loaded_at, "_dlt_load_id": "1"})


def _identify_row(record: Record, key: str) -> tuple[str, dict[str, Any]]:
    given = record.identifiers
    traits = {name: given[name] for name in ("email", "phone", "loyalty_id") if name in given}
    return "web_events", {
        "message_id": key,
        "type": record.kind,
        "previous_id": record.previous_id,
        "user_id": given.get("user_id"),
        "anonymous_id": given.get("anonymous_id"),
        "timestamp": record.occurred_at,
        "traits": json.dumps({**traits, **record.traits}),
        "source_file": "story",
        "source_line": 1,
    }


def _member_row(record: Record, key: str) -> tuple[str, dict[str, Any]]:
    return "store_members", {
        **record.identifiers,
        **record.traits,
        "enrolled_at": record.occurred_at,
        "updated_at": record.occurred_at,
    }


def _receipt_row(record: Record, key: str) -> tuple[str, dict[str, Any]]:
    given = record.identifiers
    return "store_transactions", {
        "transaction_id": key,
        "member_id": given.get("member_id"),
        "customer_email": given.get("email"),
        "customer_phone": given.get("phone"),
        "payment_token": given.get("payment_token"),
        "kind": "sale",
        "occurred_at": record.occurred_at,
        "updated_at": record.occurred_at,
    }


def _insert(warehouse: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    marks = ", ".join("?" for _ in row)
    warehouse.execute(f"insert into raw.{table} ({names}) values ({marks})", list(row.values()))
