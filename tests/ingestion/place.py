"""Where a test's inputs and its warehouse are, and what is asked of them."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.load.ledger import LoadReport

NOW = "2026-06-01T12:00:00+00:00"


@dataclass(frozen=True)
class Place:
    """The folder of a test."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        """The working warehouse."""
        return self.folder / "warehouse.duckdb"

    @property
    def store(self) -> Path:
        """The store's SQLite database."""
        return self.folder / "store.db"

    def landing(self, source: str = "web") -> Path:
        """The landing folder of a source."""
        return self.folder / "landing" / source

    def land(self, name: str, content: str | bytes, source: str = "web") -> Path:
        """Write a landing file, gzipped if its name says so."""
        path = self.landing(source) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()

    def column(self, sql: str) -> list[Any]:
        """Ask the warehouse for one column."""
        return [row[0] for row in self.ask(sql)]

    def reasons(self) -> dict[str, int]:
        """Count the rejects by reason."""
        return dict(self.ask("SELECT reason, sum(records)::INT FROM raw.rejects GROUP BY reason"))


def message(message_id: str = "m1", **fields: Any) -> dict[str, Any]:
    """Make a message that loads."""
    return {
        "messageId": message_id,
        "type": "track",
        "event": "Product Viewed",
        "anonymousId": "a1",
        "timestamp": "2026-05-01T10:00:00.123Z",
        **fields,
    }


def lines(*messages: Mapping[str, Any]) -> str:
    """Write messages as lines."""
    return "".join(json.dumps(one) + "\n" for one in messages)


def counts(report: LoadReport, table: str) -> Sequence[int]:
    """Return what the report says of a table: read, loaded, duplicate, rejected."""
    one = report.tables[table]
    assert one.read == one.loaded + one.duplicate + one.rejected
    return (one.read, one.loaded, one.duplicate, one.rejected)
