"""Advertising costs: CSV files that land with marketing's messages.

    ad_spend/*.csv not known yet, oldest first ─ lines ─ texts by header ─ typed or rejected
        ─ of each (date, channel, campaign) the row delivered last ─ merged

A file is delivered when it was last modified; the same bytes with a later time are the delivery of before. Of
rows delivered at the same time the later name, then the later line wins. A file that arrives late does not
replace rows of one that was delivered after it.
"""

import csv
import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from ingestion.errors import cause_of
from ingestion.keyed.compare import Staged, compare, make_staged
from ingestion.keyed.texts import stage_texts
from ingestion.lines.events import is_known, is_unchanged, unreadable
from ingestion.lines.files import ReadFile
from ingestion.lines.landing import LandedFile, Landing
from ingestion.lines.reader import CHUNK, read_lines
from ingestion.load.batch import Batch
from ingestion.load.fields import note_drift
from ingestion.load.ledger import known_files
from ingestion.records import KEPT_OF_LARGE, LARGE_REJECTS, LARGEST_RECORD
from ingestion.run import Run, Workbench
from ingestion.tables import AD_SPEND, EXTRAS
from storage.sql import literal

COLUMNS = ("date", "channel", "campaign", "currency", "spend", "impressions", "clicks")
OBJECTS = "SELECT url AS object, bytes, checksum, modified_at FROM delivered"
STAGED = Staged(AD_SPEND, "position DESC", OBJECTS, rewrites_same=True)
log = logging.getLogger(__name__)


def ad_spend_batches(run: Run) -> Iterator[Batch]:
    """Yield what is new as one load package; raises SourceError, at the end, for unreadable files."""
    landing = Landing(run.source)
    known = known_files(run)
    fresh = [file for file in landing.list() if file.holds_ad_spend and not is_known(file, known)]
    if not fresh:
        return
    log.info("%s: reading %d files of advertising costs", run.source, len(fresh))
    broken: list[ReadFile] = []
    with run.workbench() as bench:
        make_staged(bench, STAGED)
        bench.run(
            "CREATE TEMPORARY TABLE delivered (url VARCHAR, bytes BIGINT, checksum VARCHAR,"
            " modified_at TIMESTAMP WITH TIME ZONE)"
        )
        for file in sorted(fresh, key=lambda file: (file.modified_at, file.url)):
            costs = _Costs(run, bench, landing, file)
            seen = costs.stage()
            if seen.error:
                broken.append(seen)
            if seen.error or is_unchanged(seen, known):
                costs.forget()
            if not seen.error:
                # What was only touched is known by its new time, too, but delivered nothing.
                costs.deliver(seen)
        if bench.number("SELECT count(*) FROM delivered"):
            _pass_over_what_is_older(bench)
            yield compare(bench, run, [STAGED], keeps_account=True)
    if broken:
        raise unreadable(run, broken)


@dataclass
class _Costs:
    """One file of costs, on its way into the staging table."""

    run: Run
    bench: Workbench
    landing: Landing
    file: LandedFile
    header: list[str] | None = None
    large_bytes: int = 0

    def stage(self) -> ReadFile:
        """Stage the rows of the file, as far as it can be read."""
        seen, digest = ReadFile(self.file), hashlib.sha256()

        def chunks() -> Iterator[bytes]:
            for chunk in self.landing.chunks(self.file, CHUNK):
                digest.update(chunk)
                yield chunk

        try:
            for lines in read_lines(chunks()):
                # Some at a time: millions of short lines may fit into a chunk of a file.
                for some in lines.to_batches():
                    self._stage_lines(some)
        except duckdb.Error:
            raise
        except Exception as error:
            seen.error = cause_of(error)
        seen.checksum = digest.hexdigest()
        return seen

    def forget(self) -> None:
        """Take the file's rows away again."""
        self.bench.run(f"DELETE FROM {STAGED.name} WHERE object = ?", [self.file.url])

    def deliver(self, seen: ReadFile) -> None:
        """Note that the file, as it was read, is a delivery."""
        self.bench.run(
            "INSERT INTO delivered VALUES (?, ?, ?, ?)",
            [self.file.url, self.file.size, seen.checksum, self.file.modified_at],
        )

    def _stage_lines(self, lines: pa.RecordBatch) -> None:
        rows = [row for row in map(self._row, lines.to_pylist()) if row is not None]
        if not rows:
            return
        names = ("source_line", "record", "fault", *COLUMNS, EXTRAS.name)
        types = pa.schema([(name, pa.string()) for name in names])
        before = self.bench.number(f"SELECT coalesce(max(position), 0) FROM {STAGED.name}")
        arrived = pa.Table.from_pylist(rows, schema=types)
        self.bench.connection.register("arrived", arrived)
        stage_texts(
            self.bench,
            self.run,
            STAGED,
            f"""
            SELECT *, {literal(self.file.url)} AS object, {literal(self.file.url)} AS source_file,
                {before} + source_line::BIGINT AS position
            FROM arrived""",
        )
        self.bench.connection.unregister("arrived")

    def _row(self, line: dict[str, str | int | None]) -> dict[str, str | None] | None:
        """Take a line apart; None for the header and for blank lines."""
        text, fault = str(line["line"]), line["fault"]
        size = len(text.encode())
        self.large_bytes += size if size > LARGEST_RECORD else 0
        is_cut = size > LARGEST_RECORD and self.large_bytes > LARGE_REJECTS
        kept = text[:KEPT_OF_LARGE] if is_cut else text
        row: dict[str, str | None] = {"source_line": str(line["line_no"]), "record": kept}
        if fault is not None:
            return row | {"fault": str(fault)}
        if size > LARGEST_RECORD:
            return row | {"fault": "record_too_large"}
        try:
            cells = [cell.strip() for cell in next(csv.reader([text]), [])]
        except csv.Error:
            return row | {"fault": "not_csv"}
        if not any(cells):
            return None
        if self.header is None:
            self._take_header(cells)
            return None
        if len(cells) != len(self.header or ()):
            return row | {"fault": "wrong_column_count"}
        named = dict(zip(self.header or (), cells, strict=True))
        others = {name: cell for name, cell in named.items() if name not in COLUMNS}
        known = {name: cell for name, cell in named.items() if name in COLUMNS}
        return row | known | {EXTRAS.name: json.dumps(others, ensure_ascii=False) if others else None}

    def _take_header(self, cells: list[str]) -> None:
        self.header = [cell.lower() for cell in cells]
        missing = [name for name in AD_SPEND.key if name not in self.header]
        if missing:
            raise LookupError(f"its first line names no column {', '.join(missing)}")
        if repeated := [name for name in COLUMNS if self.header.count(name) > 1]:
            raise LookupError(f"its first line names more than one column {', '.join(repeated)}")
        header, known = set(self.header), set(COLUMNS)
        note_drift(self.run.notes, f"file {self.file.url}", extras=header - known, missing=known - header)


def _pass_over_what_is_older(bench: Workbench) -> None:
    """Mark rows whose key the warehouse has from a file that was delivered later."""
    same = " AND ".join(f'records."{name}" = loaded."{name}"' for name in AD_SPEND.key)
    with bench.with_warehouse():
        bench.run(f"""
            CREATE TEMPORARY TABLE delivered_later AS
            SELECT records.position
            FROM {STAGED.name} AS records
            JOIN delivered ON delivered.url = records.object
            JOIN warehouse.raw.{AD_SPEND.name} AS loaded ON {same}
            JOIN (
                SELECT object, arg_max(modified_at, _dlt_load_id) AS modified_at
                FROM warehouse.raw.load_ledger WHERE records_read > 0 GROUP BY object
            ) AS before ON before.object = loaded.source_file
            WHERE (before.modified_at, loaded.source_file, loaded.source_line)
                > (delivered.modified_at, records.source_file, records.source_line)""")
    bench.run(f"""
        UPDATE {STAGED.name} SET is_outdated = true
        WHERE position IN (SELECT position FROM delivered_later)""")
