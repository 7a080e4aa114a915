"""Reads the files of a simulation, without its code."""

import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EVENT_SOURCES = ("web", "app", "marketing")
STORE_KEYS = {
    "members": "member_id",
    "transactions": "transaction_id",
    "transaction_lines": "transaction_id || ':' || line_number",
    "loyalty_ledger": "entry_id",
    "store_visits": "visit_id",
}
SUPPORT_KINDS = ("tickets", "users", "ticket_events", "satisfaction_ratings")


@dataclass(frozen=True)
class Simulated:
    """A folder that a simulation wrote."""

    out: Path

    def truth(self, name: str) -> list[dict[str, Any]]:
        """Return one stream of the truth."""
        return read_json_lines(self.out / "truth" / f"{name}.jsonl")

    def summary(self) -> dict[str, Any]:
        """Return the summary of the simulation."""
        parsed: dict[str, Any] = json.loads((self.out / "truth" / "simulation.json").read_text())
        return parsed

    def event_files(self, source: str) -> list[Path]:
        """Return the event files of a source, in order of delivery."""
        return sorted(p for p in (self.out / "landing" / source).rglob("events-*") if p.is_file())

    def lines(self, path: Path) -> list[bytes]:
        """Return a file's whole lines, also those before a break of its gzip stream."""
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = zlib.decompressobj(wbits=31).decompress(content)
        return [line for line in content.splitlines(keepends=True) if line.endswith(b"\n")]

    def messages(self, source: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Yield every good message of a source with its file, as often as it was delivered."""
        for path in self.event_files(source):
            for line in self.lines(path):
                for message in messages_of(line):
                    yield path, message

    def store(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the SQLite store database."""
        with sqlite3.connect(self.out / "store.db") as database:
            return database.execute(query).fetchall()

    def support(self, kind: str) -> list[dict[str, Any]]:
        """Return the support API's objects of one kind."""
        return read_json_lines(self.out / "support" / f"{kind}.jsonl")

    def whole_files(self) -> dict[str, bytes]:
        """Return the content of every file, by its name."""
        files = sorted(path for path in self.out.rglob("*") if path.is_file())
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in files}


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def messages_of(line: bytes) -> list[dict[str, Any]]:
    """Return the good messages of a line: none, one, or those of an envelope."""
    try:
        parsed = json.loads(line)
    except ValueError:
        return []
    found = parsed.get("batch", [parsed]) if isinstance(parsed, dict) else []
    return [
        message for message in found if not str(message.get("messageId", "broken-")).startswith("broken-")
    ]


def is_gzipped(path: Path) -> bool:
    """Say whether a file really is a gzip stream."""
    with gzip.open(path) as file:
        try:
            file.read(1)
        except gzip.BadGzipFile:
            return False
    return True
