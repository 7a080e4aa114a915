"""Compares the warehouse with a full build of its raw tables, table by table.

``python -m stewardship.verify`` builds everything in a copy, with the clock, the parameters and the registry of
customer ids of the last build. The warehouse itself is only read.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import duckdb

from security.private import keep_files_private
from stewardship.rebuild import RebuildError, rebuild
from stewardship.warehouse import (
    WarehouseError,
    copy_warehouse,
    opened,
    project_path,
    warehouse_path,
)
from storage.sessions import MEMORY_OF_WHOLE_TABLES, open_file, open_in_memory

# Parameters stay until the next full build, so the copy keeps them too.
AS_THEY_ARE = ("--exclude", "tag:parameters")
LAYERS = ("seeds", "staging", "intermediate", "marts")
# They have rows about runs, and the build in the copy is one more run.
OF_EACH_RUN = {
    "marts.mart_identity_health",
}
# The clock of the last build, from the age of a record in a mart that every build makes.
_BUILT_AT = """
    select last_record_at + to_microseconds(cast(round(silent_hours * 3600000000) as bigint))
    from marts.mart_completeness
    where last_record_at is not null
    limit 1
"""
_TABLES = """
    select schema_name || '.' || table_name from duckdb_tables()
    where database_name = ? and list_contains(?, schema_name)
    order by 1
"""


class VerifyError(RuntimeError):
    """The two cannot be compared; the message says why."""


@dataclass(frozen=True)
class Difference:
    """A table that differs from the full build: numbers of rows that only one of the two has."""

    table: str
    only_in_warehouse: int
    only_in_refresh: int


@dataclass(frozen=True)
class Comparison:
    """Numbers of compared tables and rows, and the differences."""

    tables: int
    rows: int
    differences: tuple[Difference, ...]


def verify(warehouse: Path, run_at: str, project: Path) -> Comparison:
    """Refresh a copy of ``warehouse`` in full with the clock ``run_at`` and compare.

    Raises ``VerifyError``, or ``WarehouseError`` where the warehouse cannot be read.
    """
    with opened(warehouse):
        written = warehouse.stat().st_mtime_ns
    with tempfile.TemporaryDirectory(prefix="throughline-verify-", dir=warehouse.parent) as folder:
        copy = Path(folder) / "refreshed.duckdb"
        copy_warehouse(warehouse, copy)
        try:
            rebuild(project, copy, ["--full-refresh", *AS_THEY_ARE], RUN_AT=run_at)
        except RebuildError as error:
            raise VerifyError(f"The full refresh failed:\n{error}") from error
        with opened(warehouse):
            if warehouse.stat().st_mtime_ns != written:
                raise VerifyError("The warehouse was written to while its copy was built. Ask again.")
        return compare(warehouse, copy)


def compare(warehouse: Path, refreshed: Path) -> Comparison:
    """Compare all tables that the warehouse keeps, each as a bag of rows."""
    spill = refreshed.with_name("spill")
    with open_in_memory(
        MEMORY_OF_WHOLE_TABLES, spill=spill, warehouse=warehouse, refreshed=refreshed
    ) as connection:
        ours, theirs = (_tables(connection, name) for name in ("warehouse", "refreshed"))
        compared = sorted(ours - OF_EACH_RUN)
        rows = sum(_count(connection, f"warehouse.{table}") for table in compared)
        differences = tuple(
            difference
            for table in compared
            for difference in _difference(connection, table, is_theirs=table in theirs)
        )
    return Comparison(len(compared), rows, differences)


def clock_of_build(warehouse: Path, marts: Path) -> str:
    """Return the clock of the warehouse's last build, ISO 8601; if it is not recorded, that of the marts.

    The published version may be older than the last build, after a failed gate or a rollback.
    Raises ``VerifyError`` if neither has it, ``WarehouseError`` if the warehouse cannot be read.
    """
    with opened(warehouse) as connection:
        try:
            found = connection.execute(_BUILT_AT).fetchone()
        except duckdb.CatalogException:
            found = None
    if found is None:
        if not marts.exists():
            raise VerifyError(
                f"Neither the warehouse nor a publication at {marts} has the time of the last build;"
                " set RUN_AT to the clock of the last run."
            )
        with open_file(marts, read_only=True) as connection:
            found = connection.execute("select run_at from publication").fetchone()
    assert found is not None, "a published file has the clock of its run"
    return str(found[0].replace(tzinfo=found[0].tzinfo or UTC).isoformat())


def main() -> int:
    """Print the differences; return 0 if there are none, 1 if there are, 2 if the comparison is impossible."""
    keep_files_private()
    warehouse = warehouse_path()
    marts = Path(os.environ.get("MARTS_PATH") or "data/marts.duckdb").absolute()
    try:
        run_at = os.environ.get("RUN_AT") or clock_of_build(warehouse, marts)
        print(f"Rebuilding everything from the raw tables, with the clock at {run_at} ...", flush=True)
        comparison = verify(warehouse, run_at, project_path())
    except (VerifyError, WarehouseError, duckdb.IOException) as error:
        print(error, file=sys.stderr)
        return 2
    for line in in_words(comparison):
        print(line)
    return 1 if comparison.differences else 0


def in_words(comparison: Comparison) -> Iterator[str]:
    """Put the comparison into words."""
    for difference in comparison.differences:
        yield (
            f"  {difference.table}: {difference.only_in_warehouse:,} rows only in the warehouse,"
            f" {difference.only_in_refresh:,} only in the full refresh"
        )
    same = comparison.tables - len(comparison.differences)
    yield f"{same:,} of {comparison.tables:,} tables with {comparison.rows:,} rows are what a full refresh makes"


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    return {name for (name,) in connection.execute(_TABLES, [database, list(LAYERS)]).fetchall()}


def _difference(
    connection: duckdb.DuckDBPyConnection, table: str, *, is_theirs: bool
) -> Iterator[Difference]:
    if is_theirs:
        ours = _count(connection, f"(from warehouse.{table} except all from refreshed.{table})")
        theirs = _count(connection, f"(from refreshed.{table} except all from warehouse.{table})")
    else:
        ours, theirs = _count(connection, f"warehouse.{table}"), 0
    if ours or theirs or not is_theirs:
        yield Difference(table, ours, theirs)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    found = connection.execute(f"select count(*) from {relation}").fetchone()
    assert found is not None, "count(*) always has a row"
    return int(found[0])


if __name__ == "__main__":
    sys.exit(main())
