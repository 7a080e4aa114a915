"""Writes and audits the new DuckDB file; changes no file that has readers.

The tables are in the file's own schema, `main`. DuckDB names a database after its file, so in `marts.duckdb`
both `fct_orders` and `marts.fct_orders` work. A schema named `marts` in it would make the second one ambiguous, which
DuckDB refuses. A file of another name also has a schema `marts` of views.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from publishing.errors import PublishError
from publishing.plan import Content, Fingerprint, TablePlan, fingerprint
from publishing.sessions import MEMORY_LIMIT, for_each, opened
from storage.sessions import attach
from storage.sql import identifier, literal

PUBLICATION_COLUMNS = {
    "version": ("varchar", "Name of this version of the marts, as used to roll back to it."),
    "run_at": ("timestamp", "Clock of the run that built the marts (UTC)."),
    "published_at": ("timestamp", "When this version was published (UTC)."),
    "has_personal_data": ("boolean", "True if names, contacts and free text are published unmasked."),
    "is_complete": ("boolean", "True if no configured source failed in the run."),
    "sources": ("map(varchar, varchar)", "Result of each source: loaded, not_configured or failed."),
    "row_counts": ("map(varchar, bigint)", "Rows of each published table."),
    "content_checksum": (
        "varchar",
        "Checksum of everything that is published; equal content has an equal checksum.",
    ),
}


@dataclass(frozen=True)
class PublicationRow:
    """The row of the table `publication`."""

    version: str
    run_at: datetime
    has_personal_data: bool
    sources: Mapping[str, str]
    row_counts: Mapping[str, int]
    content_checksum: str

    @property
    def is_complete(self) -> bool:
        """No configured source has failed."""
        return "failed" not in self.sources.values()


def connect_to_new(
    file: Path, warehouse: Path, memory_limit: str = MEMORY_LIMIT
) -> duckdb.DuckDBPyConnection:
    """Open `file`, a new one or a copy of the published one, with the warehouse attached read-only as `warehouse`."""
    connection = opened(file, memory_limit=memory_limit)
    connection.execute("set global TimeZone = 'UTC'")
    attach(connection, warehouse, "warehouse")
    return connection


def write_marts(
    connection: duckdb.DuckDBPyConnection, plans: Sequence[TablePlan], row: PublicationRow
) -> None:
    """Write every planned table, or the part of it that can differ, with descriptions, and the table `publication`."""
    for_each(connection, plans, _write_table)
    # One transaction, because each commit waits for the disk, and there are hundreds of descriptions.
    connection.begin()
    for plan in plans:
        if not plan.replaced:
            _describe(connection, plan)
    _write_publication(connection, row)
    connection.commit()


def write_views(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Let the tables be called `marts.<table>` in a file that is not named `marts`."""
    connection.execute("create schema marts")
    for table in tables:
        connection.execute(f"create view marts.{identifier(table)} as from main.{identifier(table)}")


def audit(
    file: Path,
    plans: Sequence[TablePlan],
    expected: Mapping[str, Content],
    memory_limit: str = MEMORY_LIMIT,
    *,
    warehouse: Path | None = None,
) -> None:
    """Read `file` as a reader would and compare every planned table, or its part, with the warehouse.

    `warehouse` is needed for parts. Raises PublishError that names the first table that differs.
    """
    with closing(opened(file, read_only=True, memory_limit=memory_limit)) as connection:
        if warehouse is not None:
            attach(connection, warehouse, "warehouse")
        for plan, (rows, found) in zip(plans, for_each(connection, plans, _read), strict=True):
            table, wanted = plan.mart.name, expected[plan.mart.name]
            if rows != wanted.whole.rows:
                raise PublishError(
                    f"{table}: {rows} rows were written, but the warehouse has {wanted.whole.rows}."
                )
            if found != wanted.part:
                raise PublishError(f"{table}: what was written differs from the warehouse.")
        if connection.execute("select count(*) from publication").fetchone() != (1,):
            raise PublishError("The table publication must have one row.")


def _read(session: duckdb.DuckDBPyConnection, plan: TablePlan) -> tuple[int, Fingerprint]:
    """Return how many rows a table has, and the fingerprint of the part that can differ."""
    table = identifier(plan.mart.name)
    if not plan.replaced:
        found = fingerprint(session, table)
        return found.rows, found
    (rows,) = session.execute(f"select count(*) from {table}").fetchone() or (0,)
    return int(rows), fingerprint(session, f"(select * from {table} where {plan.replaced})")


def _write_table(session: duckdb.DuckDBPyConnection, plan: TablePlan) -> None:
    table = identifier(plan.mart.name)
    if not plan.replaced:
        session.execute(f"create or replace table {table} as {plan.query}")
        return
    session.begin()
    session.execute(f"delete from {table} where {plan.replaced}")
    session.execute(f"insert into {table} by name {plan.part}")
    session.commit()


def _describe(connection: duckdb.DuckDBPyConnection, plan: TablePlan) -> None:
    table = identifier(plan.mart.name)
    connection.execute(f"comment on table {table} is {literal(plan.mart.description)}")
    described = {column.name: column.description for column in plan.mart.columns}
    for name in plan.columns:
        connection.execute(f"comment on column {table}.{identifier(name)} is {literal(described[name])}")


def _write_publication(connection: duckdb.DuckDBPyConnection, row: PublicationRow) -> None:
    columns = ", ".join(f"{name} {data_type}" for name, (data_type, _) in PUBLICATION_COLUMNS.items())
    connection.execute(f"create or replace table publication ({columns})")
    connection.execute(
        "insert into publication values (?, ?, ?, ?, ?, map(?, ?), map(?, ?), ?)",
        [
            row.version,
            row.run_at.astimezone(UTC).replace(tzinfo=None),
            datetime.now(UTC).replace(tzinfo=None),
            row.has_personal_data,
            row.is_complete,
            list(row.sources.keys()),
            list(row.sources.values()),
            list(row.row_counts.keys()),
            list(row.row_counts.values()),
            row.content_checksum,
        ],
    )
    connection.execute("comment on table publication is 'One row: what this file is and how complete.'")
    for name, (_, description) in PUBLICATION_COLUMNS.items():
        connection.execute(f"comment on column publication.{name} is {literal(description)}")
