"""The ledger of restatements: figures of closed days that were published with another value before.

A mart's YAML declares the compared figures, by `meta: {restated: {date, count, sums}}`: the column of the day, a name
for the number of rows, and columns to add up. The ledger is the published table `restatements`. It starts from the
version that was published before, which has the ledger up to then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from publishing.catalog import Mart, Restated
from publishing.restatement_causes import Basis, changes_of_basis, find_causes
from publishing.since import Since
from storage.sessions import attach
from storage.sql import identifier, literal

TABLE = "restatements"
DESCRIPTION = (
    "One row per figure of a closed day that a version published otherwise than the version before it, and why. "
    "A day is closed from the second day after it (UTC), when it is over in all time zones."
)
COLUMNS = {
    "version": ("varchar", "Version that published the figure as it is after."),
    "restated_at": ("timestamp", "Clock of the run that built that version (UTC)."),
    "previous_version": ("varchar", "Version published before it, with the figure as it was before."),
    "date": ("date", "Day that the figure is of."),
    "mart": ("varchar", "Table that the figure is in."),
    "measure": (
        "varchar",
        "Column that is added up over the rows of the day, or what the rows are that are counted.",
    ),
    "value_before": ("decimal(38, 4)", "The figure as it was; 0 if the day had no rows."),
    "value_after": ("decimal(38, 4)", "The figure as it is."),
    "cause": (
        "varchar",
        "Why, several separated by commas: late_record (a record of the day came), later_record (one of another day "
        "that changes it, such as a return), removed_record, erasure, merge, split, decision (of a steward), identity "
        "(records got another customer without a merge or split), seed: and its name (a list was changed), project "
        "(a model or setting was changed), or unknown.",
    ),
}
# In the westernmost time zone a day ends half a day later than in UTC.
_DAYS_UNTIL_CLOSED = 1


@dataclass(frozen=True)
class Before:
    """The version published so far: its file, name, clock, and inputs other than records.

    With `since`, only the rows that it names can differ from that version.
    """

    file: Path
    version: str
    run_at: datetime
    basis: Basis
    since: Since | None = None


def write_restatements(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    before: Before | None,
    basis: Basis,
    version: str,
    run_at: datetime,
) -> int:
    """Create the table `restatements` in the new file and return its number of rows; 0 if nothing was published.

    The warehouse is attached as `warehouse`; ``basis`` has its inputs.
    """
    columns = ", ".join(f"{identifier(name)} {data_type}" for name, (data_type, _) in COLUMNS.items())
    connection.execute(f"create or replace table {TABLE} ({columns})")
    if before is not None:
        # A path cannot be a parameter of this statement.
        attach(connection, before.file, "before")
        try:
            _add(connection, marts, before, basis, version, run_at)
        finally:
            connection.execute("detach before")
    connection.execute(f"comment on table {TABLE} is {literal(DESCRIPTION)}")
    for name, (_, description) in COLUMNS.items():
        connection.execute(f"comment on column {TABLE}.{identifier(name)} is {literal(description)}")
    ((rows,),) = connection.execute(f"select count(*) from {TABLE}").fetchall()
    return int(rows)


def _add(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    before: Before,
    basis: Basis,
    version: str,
    run_at: datetime,
) -> None:
    published = _columns_before(connection)
    if TABLE in published:
        connection.execute(f"insert into {TABLE} by name from before.{TABLE}")
    compared = [
        mart for mart in marts if mart.restated and published.get(mart.name, set()) >= mart.restated.columns
    ]
    _find_changed(connection, compared, before.run_at.astimezone(UTC))
    if connection.execute("select 1 from changed limit 1").fetchall():
        find_causes(
            connection,
            compared,
            published,
            changes_of_basis(before.basis, basis),
            before.basis,
            before.since,
        )
        connection.execute(
            f"""
            insert into {TABLE} by name
            select
                $version as version, $run_at as restated_at, $previous as previous_version,
                changed.*, coalesce(causes.cause, 'unknown') as cause
            from changed left join causes using (mart, date)
            order by date, mart, measure
            """,
            {
                "version": version,
                "run_at": run_at.astimezone(UTC).replace(tzinfo=None),
                "previous": before.version,
            },
        )


def _columns_before(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Return the columns of each table of the version before."""
    rows = connection.execute(
        "select table_name, list(column_name) from duckdb_columns() where database_name = 'before' group by table_name"
    ).fetchall()
    return {table: set(columns) for table, columns in rows}


def _find_changed(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], last_run: datetime) -> None:
    """Make `changed` (mart, date, measure, value_before, value_after)."""
    connection.execute(
        "create or replace temp table changed ("
        "mart varchar, date date, measure varchar, value_before decimal(38, 4), value_after decimal(38, 4))"
    )
    until = last_run.date() - timedelta(days=_DAYS_UNTIL_CLOSED)
    for mart in marts:
        assert mart.restated is not None
        connection.execute(
            f"""
            insert into changed
            select
                '{mart.name}', date, measure,
                coalesce(old.value, 0) as value_before, coalesce(new.value, 0) as value_after
            from ({_figures(f"before.{identifier(mart.name)}", mart.restated)}) as old
            full join ({_figures(f"warehouse.marts.{identifier(mart.name)}", mart.restated)}) as new
                using (date, measure)
            where date < ? and value_before <> value_after
            """,
            [until],
        )


def _figures(table: str, restated: Restated) -> str:
    """Return SQL of the figures of a table: date, measure, value."""
    figures = ", ".join(f"{figure} as {identifier(name)}" for name, figure in restated.figures.items())
    days = f"select cast({identifier(restated.date)} as date) as date, {figures} from {table} group by all"
    return f"unpivot ({days}) on columns(* exclude date) into name measure value value"
