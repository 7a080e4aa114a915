"""Landed Segment messages: web, app and marketing share this.

files not known yet ─ groups of bounded size ─ lines ─ judged
    ├ good ─ not loaded yet ─ appended
    ├ good, but another text of an id that is loaded ─ the earlier one stays (merged if it came later)
    └ rejected, with a reason
and for each file a row in the ledger. A group is one load package: a crash repeats one group.
"""

import logging
from collections.abc import Generator, Iterator, Sequence

from ingestion.errors import SourceError
from ingestion.lines.files import ReadFile, read_files, survey
from ingestion.lines.judge import (
    DETAIL,
    DOCUMENTS,
    IDS,
    INSTANTS,
    NOT_RECORDS,
    make_judged,
    note_repeated_keys,
)
from ingestion.lines.landing import LandedFile, Landing, note_unread
from ingestion.load.batch import Batch
from ingestion.load.erased import pass_over_messages
from ingestion.load.fields import fields_of_messages, listed, note_drift
from ingestion.load.ledger import Known, counts_of, known_files, ledger_query
from ingestion.load.rejects import REJECTS_QUERY, make_rejects
from ingestion.records import FUTURE
from ingestion.run import Run, Workbench
from ingestion.tables import RawTable
from storage.sql import literal

GROUP_BYTES = 1024**3
GROUP_FILES = 5_000
# How much longer a gzipped file of messages is when it is unzipped, at a guess.
UNZIPPED = 8
log = logging.getLogger(__name__)


def event_batches(run: Run, table: RawTable) -> Iterator[Batch]:
    """Yield what is new among the landed messages; raises SourceError, at the end, for unreadable files."""
    landing = Landing(run.source)
    known = known_files(run)
    files = landing.list()
    note_unread(run, landing, files)
    fresh = [file for file in files if file.holds_events and not is_known(file, known)]
    broken: list[ReadFile] = []
    extras: set[str] = set()
    done = 0
    for group in groups(fresh):
        log.info("%s: reading %d files of %d", run.source, done + len(group), len(fresh))
        done += len(group)
        with run.workbench() as bench:
            broken += yield from _group_batches(run, table, landing, group, known, bench)
            extras |= _extras(bench)
            note_repeated_keys(bench, run.notes, run.source)
    if unread := extras & set(INSTANTS):
        run.notes.append(
            f"The feed {run.source} has times that cannot be read, kept in extras: {listed(unread)}."
        )
    note_drift(run.notes, f"feed {run.source}", extras=extras - unread, missing=set())
    if broken:
        raise unreadable(run, broken)


def is_known(file: LandedFile, known: dict[str, Known]) -> bool:
    """Return whether a file was read as it is now, by the listing alone."""
    before = known.get(file.url)
    return before is not None and (before.size, before.modified_at) == (file.size, file.modified_at)


def groups(files: Sequence[LandedFile]) -> Iterator[list[LandedFile]]:
    """Cut a list of files into groups that hold about as much as a run can take at once."""
    group: list[LandedFile] = []
    size = 0
    for file in files:
        length = file.size * (UNZIPPED if file.path.endswith(".gz") else 1)
        if group and (size + length > GROUP_BYTES or len(group) == GROUP_FILES):
            yield group
            group, size = [], 0
        group.append(file)
        size += length
    if group:
        yield group


def unreadable(run: Run, broken: Sequence[ReadFile]) -> SourceError:
    """Name the files that could not be read, and why."""
    named = "; ".join(f"cannot read {seen.file.url}: {seen.error}" for seen in broken[:5])
    more = f"; and {len(broken) - 5} more files" if len(broken) > 5 else ""
    return SourceError(run.source, named + more)


def _group_batches(
    run: Run,
    table: RawTable,
    landing: Landing,
    group: list[LandedFile],
    known: dict[str, Known],
    bench: Workbench,
) -> Generator[Batch, None, list[ReadFile]]:
    """Yield the batches of a group of files; in the end, return the files that were unreadable."""
    changed: list[ReadFile] = []
    touched: list[ReadFile] = []
    for seen in survey(landing, group):
        (touched if is_unchanged(seen, known) else changed).append(seen)
    make_judged(bench)
    reading = read_files(bench, landing, changed, f"{run.clock} + {FUTURE}")
    if aside := {seen.file.url for seen in reading.set_aside}:
        run.notes.append(f"Set aside, since they do not fit into memory: {listed(aside)}.")
    for number, seen in enumerate(touched, start=len(changed)):
        seen.file_no = number
    # In the ledger without a record, so that by its new time it is known, too.
    _describe_files(bench, reading.files + touched)
    with bench.with_warehouse():
        _compare(bench, run, table)
        replaces_rejects = make_rejects(bench, run, _rejected(table))
    replacing = _loadable(run, "SEMI JOIN winners_over_loaded")
    if bench.number("SELECT count(*) FROM winners_over_loaded"):
        yield Batch(bench, {table.name: replacing}, merged=frozenset({table.name}))
    ledger = ledger_query(run, _counted(table))
    if reading.files or touched:
        yield Batch(
            bench,
            {
                table.name: _loadable(run, "ANTI JOIN passed_over"),
                "load_ledger": ledger,
                "rejects": REJECTS_QUERY,
                "observed_fields": fields_of_messages(
                    run, table.name, _loadable(run, "ANTI JOIN passed_over")
                ),
            },
            merged=frozenset({"rejects"} if replaces_rejects else ()),
            counts=counts_of(bench, ledger),
        )
    return reading.broken


def _extras(bench: Workbench) -> set[str]:
    """Name the fields of the judged messages that no column holds."""
    named = "SELECT DISTINCT unnest(json_keys(extras)) AS name FROM judged WHERE reason IS NULL"
    return {str(name) for (name,) in bench.rows(named)}


def is_unchanged(seen: ReadFile, known: dict[str, Known]) -> bool:
    """Return whether a file has the same bytes as when it was read, though the listing shows another time."""
    before = known.get(seen.file.url)
    return before is not None and not seen.error and before.checksum == seen.checksum


def _describe_files(bench: Workbench, files: list[ReadFile]) -> None:
    bench.run(
        "CREATE OR REPLACE TEMPORARY TABLE files (file_no INTEGER, url VARCHAR, bytes BIGINT, checksum VARCHAR,"
        " modified_at TIMESTAMP WITH TIME ZONE, lines_before BIGINT)"
    )
    for seen in files:
        bench.run(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)",
            [
                seen.file_no,
                seen.file.url,
                seen.file.size,
                seen.checksum,
                seen.file.modified_at,
                seen.lines_before,
            ],
        )


def _compare(bench: Workbench, run: Run, table: RawTable) -> None:
    """Find what is not to be appended: repeated ids, and ids that the warehouse has.

    Of several texts of an id the one with the smallest (timestamp, record_hash) stays, whatever the order
    in which they arrive. A text that differs from the loaded one only in its spelling, as of a message alone
    and in an envelope, is a repetition.
    """
    order = '"timestamp", record_hash'
    place = "file_no, line_no, item_no"
    bench.run(f"""
        CREATE OR REPLACE TEMPORARY TABLE passed_over AS
        SELECT {place} FROM judged
        WHERE reason IS NULL AND message_id IN (
            SELECT message_id FROM judged WHERE reason IS NULL GROUP BY message_id HAVING count(*) > 1)
        QUALIFY row_number() OVER (PARTITION BY message_id ORDER BY {order}, {place}) > 1""")
    pass_over_messages(bench, run, table.name)
    bench.run(f"""
        CREATE OR REPLACE TEMPORARY TABLE loaded_already AS
        SELECT message_id, {order} FROM warehouse.raw.{table.name}
        WHERE message_id IN (SELECT message_id FROM judged WHERE reason IS NULL)""")
    bench.run(f"""
        CREATE OR REPLACE TEMPORARY TABLE rivals AS
        SELECT judged.file_no, judged.line_no, judged.item_no,
            (judged."timestamp", judged.record_hash) < (loaded."timestamp", loaded.record_hash) AS wins
        FROM judged JOIN loaded_already AS loaded ON judged.message_id = loaded.message_id
        WHERE reason IS NULL AND ({", ".join(f"judged.{name}" for name in place.split(", "))})
            NOT IN (SELECT ({place}) FROM passed_over)""")
    content = (*IDS.values(), "original_timestamp", *DOCUMENTS, "extras")
    same = " AND ".join(
        f"judged.{name}::VARCHAR IS NOT DISTINCT FROM loaded.{name}::VARCHAR" for name in content
    )
    bench.run(f"""
        CREATE OR REPLACE TEMPORARY TABLE winners_over_loaded AS
        SELECT {place} FROM rivals JOIN judged USING ({place})
        JOIN warehouse.raw.{table.name} AS loaded ON judged.message_id = loaded.message_id
        WHERE wins AND NOT (judged."timestamp" = loaded."timestamp" AND {same})""")
    bench.run(f"INSERT INTO passed_over SELECT {place} FROM rivals")


def _loadable(run: Run, join: str) -> str:
    return f"""
        SELECT judged.* EXCLUDE (file_no, line_no, item_no, reason, record, repeated), url AS source_file,
            line_no - lines_before AS source_line, {run.clock} AS loaded_at
        FROM judged JOIN files USING (file_no) {join} USING (file_no, line_no, item_no)
        WHERE reason IS NULL"""


def _counted(table: RawTable) -> str:
    """Count the records of each file; a file without any has a row too, so that it is known."""
    return f"""
        SELECT url AS object, {literal(table.name)} AS table_name,
            count(judged.file_no) AS records_read,
            count(judged.file_no) FILTER (reason IS NULL AND passed_over.file_no IS NULL) AS records_loaded,
            count(reason) AS records_rejected,
            any_value(bytes) AS bytes, any_value(checksum) AS checksum, any_value(modified_at) AS modified_at
        FROM files
        LEFT JOIN judged ON judged.file_no = files.file_no
            AND (reason IS NULL OR reason NOT IN {NOT_RECORDS})
        LEFT JOIN passed_over ON passed_over.file_no = judged.file_no
            AND passed_over.line_no = judged.line_no AND passed_over.item_no = judged.item_no
        GROUP BY url"""


def _rejected(table: RawTable) -> str:
    line = "line_no - lines_before"
    return f"""
        SELECT url AS object, {literal(table.name)} AS table_name, (line_no, item_no) AS position,
            CASE WHEN item_no = 0 THEN ({line})::VARCHAR
                ELSE concat({line}, ', message ', item_no) END AS locator,
            reason, {DETAIL} AS detail, record
        FROM judged JOIN files USING (file_no)
        WHERE reason IS NOT NULL AND reason NOT IN {NOT_RECORDS}"""
