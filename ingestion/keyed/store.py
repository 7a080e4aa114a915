"""The store: tables of a point-of-sale database, whose rows change in place.

    SOURCES__STORE__CREDENTIALS ─ rows changed since the cursor, with an overlap ─ text ─ typed or rejected
        ─ compared by key ─ raw.store_* (merged) · load_ledger · rejects

The cursor is the newest ``updated_at`` that the warehouse holds. A row that was committed late is found
again within the overlap, one with an older ``updated_at`` by its key, as is one that is gone;
SOURCES__STORE__FULL_READ=true reads everything once more.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from ingestion.errors import NotConfiguredError, SettingError, SourceError, cause_of
from ingestion.keyed.compare import Staged, compare, make_staged
from ingestion.keyed.store_database import CURSOR, StoreDatabase, extra, parsed_url, shown
from ingestion.keyed.store_keys import KeyCheck
from ingestion.keyed.store_tables import DELETED, STORE_TABLES, StoreTable, StoreZones
from ingestion.keyed.texts import stage_texts
from ingestion.load.batch import Batch
from ingestion.load.fields import note_drift
from ingestion.run import Run, Workbench
from ingestion.settings import flag, is_default, number, setting, variable
from ingestion.tables import RawTable
from storage.sessions import open_file
from storage.sql import literal

TABLES: tuple[RawTable, ...] = tuple(table.raw for table in STORE_TABLES)
OVERLAP_HOURS = 24.0
log = logging.getLogger(__name__)


def check_configured() -> None:
    """Raise NotConfiguredError if there is neither a setting nor the default database."""
    url = setting("store", "credentials")
    file = _sqlite_file(url)
    if file is None or file.exists():
        return
    if is_default("store", "credentials"):
        raise NotConfiguredError(f"{variable('store', 'credentials')} is not set and {file} does not exist")
    raise SourceError("store", f"cannot open {shown(url)}: there is no file {file}")


def batches(run: Run) -> Iterator[Batch]:
    """Yield what is new or changed as one load package; then raise SourceError for broken tables."""
    zones = StoreZones.of_settings()
    database = StoreDatabase(setting("store", "credentials"))
    problems: list[str] = []
    staged: list[Staged] = []
    try:
        with run.workbench() as bench:
            for table in STORE_TABLES:
                try:
                    staged += _stage(run, bench, database, table, zones)
                except (duckdb.Error, SettingError):
                    raise
                except Exception as error:
                    problems.append(f"cannot read table {table.name}: {cause_of(error)}")
                if table.name == "locations" and zones.zone:
                    zones.make_table(bench, run, staged=bool(staged))
            if staged:
                yield compare(bench, run, staged)
    finally:
        database.close()
    if problems:
        raise SourceError("store", "; ".join(problems))


def _stage(
    run: Run, bench: Workbench, database: StoreDatabase, table: StoreTable, zones: StoreZones
) -> list[Staged]:
    """Read what changed in a table into the workbench; a table that the database never had gives nothing."""
    columns = database.columns_of(table)
    if columns is None:
        if _was_loaded(run, table):
            raise LookupError("the database no longer has it, though it was loaded before")
        run.notes.append(f"The database has no table {table.name}.")
        return []
    needed = [column.name for column in table.columns if not column.nullable]
    if missing := [name for name in needed if name not in columns]:
        raise LookupError(f"it has no column {', '.join(missing)}")
    if several := database.keys_of_several_rows(table):
        key, own = ", ".join(table.key), ", ".join(database.primary_key_of(table))
        raise LookupError(
            f"its primary key is {own}, and values of {key} ({several}) stand for several rows each"
        )
    extras = _drifted(run, table, columns)
    staged = Staged(
        table.raw, f"{CURSOR} DESC, position DESC", f"SELECT {_OBJECT.format(literal(table.name))}"
    )
    make_staged(bench, staged)
    check, since = KeyCheck(run, bench, database, table, staged), _since(run, table.raw)
    has_keys = check.read_keys()
    rows = 0

    def read(start: datetime | None, condition: str = "true") -> None:
        nonlocal rows
        for chunk in database.chunks(table, extras, start):
            bench.connection.register("arrived", chunk)
            arrived = f"SELECT * FROM ({_arrived(table, extras, rows, zones)}) WHERE {condition}"
            stage_texts(bench, run, staged, arrived, zones.of_table(table))
            bench.connection.unregister("arrived")
            rows += chunk.num_rows
            log.info("store: %s, %d rows read", table.name, rows)

    read(since)
    if not has_keys:
        check.note_difference()
        return [staged]
    if since is not None and check.find_missing():
        before = bench.number(_LOADABLE.format(staged.name))
        read(None, check.is_missing)
        check.note_found(bench.number(_LOADABLE.format(staged.name)) - before)
    check.mark_gone()
    return [staged]


_LOADABLE = "SELECT count(*) FROM {} WHERE reason IS NULL"
_OBJECT = "{} AS object, NULL::BIGINT AS bytes, NULL::VARCHAR AS checksum, NULL::TIMESTAMPTZ AS modified_at"


def _was_loaded(run: Run, table: StoreTable) -> bool:
    question = "SELECT count(*) FROM raw.load_ledger WHERE source = ? AND object = ? AND records_loaded > 0"
    with open_file(run.warehouse) as connection:
        found = connection.execute(question, [run.source, table.name]).fetchone()
    return bool(found and found[0])


def _drifted(run: Run, table: StoreTable, columns: set[str]) -> list[str]:
    """Say which columns the database lacks, and which it has beyond the contract; return these."""
    known = {column.name for column in table.columns}
    lacking = known - columns - {DELETED}
    note_drift(run.notes, f"table {table.name}", extras=columns - known, missing=lacking)
    return sorted(columns - known)


def _arrived(table: StoreTable, extras: list[str], rows_before: int, zones: StoreZones) -> str:
    texts = ", ".join(f'"{column.name}"::VARCHAR AS "{column.name}"' for column in table.columns)
    pairs = ", ".join(f"{literal(name)}, {extra(number)}::VARCHAR" for number, name in enumerate(extras))
    others = f"json_object({pairs})::VARCHAR" if extras else "NULL::VARCHAR"
    return f"""
        SELECT {literal(table.name)} AS object, {rows_before} + row_number() OVER () AS position,
            to_json(arrived)::VARCHAR AS record, NULL::VARCHAR AS fault, {others} AS extras, {texts}
            {zones.zone_of_row(table)}
        FROM arrived"""


def _since(run: Run, table: RawTable) -> datetime | None:
    """Return the cursor, less the overlap: the newest change that the warehouse holds; None to read all.

    A row dated ahead of the run that loaded it does not carry the cursor past that run.
    """
    reads_all, hours = flag("store", "full_read"), number("store", "overlap_hours", OVERLAP_HOURS)
    if reads_all:
        return None
    question = f"SELECT max(least({CURSOR}, loaded_at)) FROM raw.{table.name}"
    with open_file(run.warehouse) as connection:
        newest = (connection.execute(question).fetchone() or (None,))[0]
    return newest - timedelta(hours=hours) if newest else None


def _sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite URL; None for another database, or one in memory."""
    parsed = parsed_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)
