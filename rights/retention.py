"""Retention: removes records older than their period in the seed `retention_periods`, as an erasure does.

``python -m rights.retention`` reads DRY_RUN and RUN_AT. The certificate counts removed records by table and month.
"""

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import duckdb

from ingestion.errors import SourceError
from ingestion.identifiers import CARRIED
from printable import escaped
from publishing import PublishError
from rights.forget import alone, in_words
from rights.forgetting import forget, under_way
from rights.journal import FOUND, Journal
from rights.person import RECORDS
from rights.places import Places, RightsError, read_places
from rights.verdicts import PREFIXES, REMOVED, note_what_hangs_on_verdicts
from security.private import keep_files_private
from stewardship.warehouse import WarehouseError
from storage.sessions import attach, open_in_memory

SEED = Path("seeds/retention_periods.csv")
ALL, UNIDENTIFIED = "all", "unidentified"


@dataclass(frozen=True)
class Period:
    """For how many months records of a raw table are kept: all of them, or only those of unidentified devices."""

    raw_table: str
    records: str
    keep_months: int


def read_periods(project: Path) -> list[Period]:
    """Read the seed. Raises RightsError for an invalid row."""
    with (project / SEED).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    periods = []
    for row in rows:
        months = row["keep_months"]
        if (
            row["raw_table"] not in CARRIED
            or row["records"] not in (ALL, UNIDENTIFIED)
            or not months.isdecimal()
        ):
            raise RightsError(
                f"{project / SEED} has a row that cannot be understood: {','.join(row.values())}"
            )
        periods.append(Period(row["raw_table"], row["records"], int(months)))
    return periods


def find_outdated(places: Places, now: datetime, by: str) -> Journal:
    """Find records that are older than their period at `now`. Changes nothing; raises RightsError."""
    periods = read_periods(places.dbt_project)
    if not places.warehouse.exists():
        raise RightsError(f"There is no warehouse at {places.warehouse}.")
    with closing(open_in_memory(places.memory_limit)) as connection:
        try:
            attach(connection, places.warehouse, "old")
        except duckdb.IOException as error:
            raise RightsError(f"The warehouse {places.warehouse} cannot be read: {error}") from error
        connection.execute(
            "CREATE TEMPORARY TABLE verdicts (raw_table VARCHAR, key_text VARCHAR, verdict VARCHAR)"
        )
        months: Counter[tuple[str, str]] = Counter()
        for period in periods:
            for month, records in _note_outdated(connection, period, now):
                months[(period.raw_table, month)] += records
        note_what_hangs_on_verdicts(connection)
        verdicts = connection.execute("SELECT DISTINCT * FROM verdicts ORDER BY ALL").fetchall()
    counts: dict[str, dict[str, int]] = {}
    for table, _, _ in verdicts:
        counts.setdefault(table, {REMOVED: 0})[REMOVED] += 1
    for (table, month), records in sorted(months.items()):
        counts[table][f"of {month}"] = records
    return Journal(
        erasure_id=uuid4().hex,
        who=[],
        reason="retention periods",
        by=by,
        asked_at=now.isoformat(),
        step=FOUND,
        customer_ids=[],
        record_ids=sorted({text for _, text, _ in verdicts}),
        verdicts=[list(row) for row in verdicts],
        counts=counts,
    )


def _note_outdated(
    connection: duckdb.DuckDBPyConnection, period: Period, now: datetime
) -> Iterator[tuple[str, int]]:
    """Add outdated records to `verdicts`; yield their number by month."""
    carried = CARRIED[period.raw_table]
    prefix = next(prefix for prefix, table in PREFIXES.items() if table == period.raw_table)
    is_meant = "true"
    if period.records == UNIDENTIFIED:
        is_meant = (
            f"'{prefix}' || {carried.key_text} NOT IN (SELECT record_key FROM {RECORDS} WHERE is_identified)"
        )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMPORARY TABLE outdated AS
        SELECT {carried.key_text} AS key_text, {carried.instant} AS happened_at FROM old.raw.{period.raw_table}
        WHERE {carried.instant} < $now::TIMESTAMPTZ - to_months($months) AND {is_meant}""",
        {"now": now, "months": period.keep_months},
    )
    connection.execute(
        f"""
        INSERT INTO verdicts SELECT '{period.raw_table}', key_text, '{REMOVED}' FROM outdated
        WHERE key_text NOT IN (SELECT key_text FROM verdicts WHERE raw_table = '{period.raw_table}')"""
    )
    yield from connection.execute(
        "SELECT strftime(happened_at, '%Y-%m') AS month, count(*) FROM outdated GROUP BY ALL ORDER BY ALL"
    ).fetchall()


def _asked(places: Places, now: datetime) -> Iterator[Journal]:
    """Yield the unfinished erasure, then the outdated records, unless they are the same."""
    unfinished = under_way(places)
    if unfinished is not None:
        print("Finishing the erasure that was begun before.")
        yield unfinished
    if unfinished is None or unfinished.who:
        yield find_outdated(places, now, os.environ.get("USER") or "retention")


def main() -> int:
    """Remove outdated records, or show which; return 0, or 1 with a message."""
    keep_files_private()
    try:
        places = read_places()
        with alone(places):
            now = datetime.fromisoformat(os.environ.get("RUN_AT") or datetime.now(UTC).isoformat())
            for journal in _asked(places, now):
                for line in in_words(journal):
                    print(escaped(line), flush=True)
                if not journal.verdicts:
                    print("Nothing is older than its period.")
                elif os.environ.get("DRY_RUN", "").strip().lower() in ("1", "true", "yes"):
                    print("Nothing was changed: this was a dry run.")
                    return 0
                else:
                    certificate = forget(places, journal, lambda text: print(text, "...", flush=True))
                    print(f"Done. The certificate is {certificate}.")
    except (RightsError, PublishError, SourceError, WarehouseError) as error:
        print(escaped(str(error)), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
