"""Writes a story's records where a retailer's systems write: landing files and a store database."""

import csv
import json
import sqlite3
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.scenarios.store_tables import STORE_TABLES
from tests.scenarios.story import Record, Story

AD_SPEND_COLUMNS = ("date", "channel", "campaign", "currency", "spend", "impressions", "clicks")


def deliveries(story: Story) -> list[list[int]]:
    """List the indexes of ``web`` messages that each run finds new: one run with all, if nothing is given."""
    return story.deliveries or [list(range(len(story.web)))]


def write_delivery(story: Story, number: int, inputs: Path) -> None:
    """Land delivery ``number`` (from 0) under ``inputs``; what is not from the web comes with the first."""
    web = _with_message_ids(story, "web", story.web)
    _write_jsonl(inputs / "web" / f"delivery-{number:02}.jsonl", [web[i] for i in deliveries(story)[number]])
    if number > 0:
        return
    _write_jsonl(inputs / "app" / "events.jsonl", _with_message_ids(story, "app", story.app))
    _write_jsonl(
        inputs / "marketing" / "events.jsonl", _with_message_ids(story, "marketing", story.marketing)
    )
    _write_ad_spend(inputs / "marketing" / "ad_spend" / "ad_spend.csv", story.marketing_ad_spend)
    write_store(inputs / "store.db", story.store)


def write_store(path: Path, rows_by_table: Mapping[str, Sequence[Record]]) -> None:
    """Make the SQLite database of a store: the tables that the story has, each with all its columns."""
    with sqlite3.connect(path) as database:
        for table, rows in rows_by_table.items():
            columns = STORE_TABLES[table]
            database.execute(f"create table {table} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
            for row in rows:
                _insert(database, table, {**row, "updated_at": _updated_at(row, rows_by_table)})
    database.close()


def _insert(database: sqlite3.Connection, table: str, row: Record) -> None:
    unknown = set(row) - set(STORE_TABLES[table])
    if unknown:
        raise ValueError(f"store table {table} has no column {', '.join(sorted(unknown))}")
    values = [float(value) if isinstance(value, Decimal) else value for value in row.values()]
    marks = ", ".join("?" * len(values))
    database.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", values)


def _updated_at(row: Record, rows_by_table: Mapping[str, Sequence[Record]]) -> str:
    """Fall back on the record's own time for ``updated_at``; a line's own time is its transaction's."""
    if "transaction_id" in row and "line_number" in row and "updated_at" not in row:
        sale = next(t for t in rows_by_table["transactions"] if t["transaction_id"] == row["transaction_id"])
        return _updated_at(sale, rows_by_table)
    for column in ("updated_at", "occurred_at", "enrolled_at"):
        if row.get(column):
            return str(row[column])
    raise ValueError(f"store record without a time of its own: {row}")


def _with_message_ids(story: Story, source: str, messages: Sequence[Record]) -> list[Record]:
    return [{"messageId": f"{story.name}-{source}-{i}", **message} for i, message in enumerate(messages)]


def _write_jsonl(path: Path, messages: Sequence[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if messages:
        text = "".join(json.dumps(message, default=_as_json) + "\n" for message in messages)
        path.write_text(text, encoding="utf-8")


def _as_json(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} cannot stand in a message")


def _write_ad_spend(path: Path, rows: Sequence[Record]) -> None:
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, AD_SPEND_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
