"""A raw table with one of everything wrong, and a ledger."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

EVENTS = """
create schema raw;
create table raw.web_events (
    message_id varchar, type varchar, event varchar, anonymous_id varchar, user_id varchar,
    "timestamp" timestamptz, source_file varchar, source_line bigint, record_hash varchar,
    loaded_at timestamptz
);
create table raw.load_ledger (
    source varchar, object varchar, table_name varchar, records_read bigint, records_loaded bigint,
    records_duplicate bigint, records_rejected bigint, bytes bigint, checksum varchar, loaded_at timestamptz,
    _dlt_load_id varchar
);
"""


def event(
    message_id: str | None, kind: str = "page", name: str | None = None, at: str = "2026-04-01T10:00:00Z"
) -> str:
    """Write SQL that inserts a message."""
    values = [message_id, kind, name, "anon-1", None, at, "a.jsonl", 1, "hash", "2026-04-01T12:00:00Z"]
    return f"insert into raw.web_events values ({', '.join(map(_literal, values))});"


def delivery(
    landed: str,
    loaded: int,
    rejected: int,
    *,
    read: int | None = None,
    day: int = 1,
    source: str = "web",
    load: str | None = None,
) -> str:
    """Write SQL that inserts a ledger row."""
    total = loaded + rejected if read is None else read
    values = [
        source,
        landed,
        "web_events",
        total,
        loaded,
        0,
        rejected,
        10,
        "sum",
        f"2026-04-{day:02}T12:00:00Z",
        f"load {day}" if load is None else load,
    ]
    return f"insert into raw.load_ledger values ({', '.join(map(_literal, values))});"


def _literal(value: object) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else f"'{value}'"


@pytest.fixture
def warehouse_with(tmp_path: Path) -> Callable[..., Path]:
    """Make a warehouse with the empty raw tables and run SQL in it."""

    def make(*statements: str) -> Path:
        path = tmp_path / "warehouse.duckdb"
        with closing(duckdb.connect(path)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(EVENTS)
            for statement in statements:
                connection.execute(statement)
        return path

    return make
