"""The warehouse between runs: prepares it for slices after a full build, and opens a slice."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from slices.changed import remember_rows
from slices.kept import kept, why_no_slices
from slices.kinds import remember_kinds
from slices.merge import begin_merges
from slices.plan import Plan
from storage.sessions import attach, open_file, open_in_memory

# Tables with rows that no run can compute again, with their columns. They are created before the first build, so that
# each model can always read its own table.
HISTORIES = {
    "intermediate.int_identity__assignments": """
        node varchar, customer_id varchar, previous_customer_id varchar, change_type varchar, is_founder boolean,
        link_id varchar, effective_at timestamp, assigned_at timestamp, run_number integer
    """,
    "intermediate.int_segments__definitions": """
        segment varchar, "condition" varchar, definition_number integer, defined_at timestamp
    """,
    "marts.fct_segment_changes": """
        customer_id varchar not null, segment varchar not null, change_number integer not null,
        segment_change varchar not null, cause varchar not null, changed_at timestamp not null
    """,
}
PLAN = "plan.json"


class NoPlanError(Exception):
    """No slice can be built; the message says why."""


def begin_full(warehouse: Path, memory: str, project: Path) -> None:
    """Mark the start of a full or partial build; no slice is built until a full build has ended."""
    with _opened(warehouse, memory) as connection:
        connection.execute("drop schema if exists kept.slices cascade")
        create_histories(connection, "kept", project)


def create_histories(connection: duckdb.DuckDBPyConnection, database: str, project: Path) -> None:
    """Create the tables of HISTORIES that the project has models for, if they do not exist."""
    for table, columns in HISTORIES.items():
        schema, name = table.split(".")
        if any(project.rglob(f"{name}.sql")):
            connection.execute(f"create schema if not exists {database}.{schema}")
            connection.execute(f"create table if not exists {database}.{table} ({columns})")


def end_full(
    warehouse: Path, memory: str, *, manifest: Path, plans: Path, project: Path, run_at: datetime, digest: str
) -> str:
    """Record the inputs of a completed full build, and drop the tables that are not kept.

    Returns why the next runs must build everything too, if they must; then all tables stay.

    ``manifest`` is dbt's manifest of the build, which is copied to the folder ``plans``. ``digest`` is that of the
    project and its settings.
    """
    plans.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(manifest, plans / PLAN)
    plan = Plan.of_manifest(plans / PLAN, project, run_at)
    why = why_no_slices(plan)
    if why:
        return why
    with _opened(warehouse, memory) as connection:
        connection.begin()
        note_whole_build(connection, plan, run_at)
        connection.execute(
            "create or replace table kept.slices.build as"
            " select uuid()::varchar as build_id, ? as digest, ?::timestamp as built_at",
            [digest, run_at.astimezone(UTC).replace(tzinfo=None)],
        )
        drop_what_is_not_kept(connection, plan)
        connection.commit()
    return ""


def note_whole_build(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> None:
    """Record the inputs of a full build of the warehouse, attached as `kept`."""
    remember_rows(connection)
    remember_kinds(connection, plan, run_at)
    begin_merges(connection, plan)


def plan_of(warehouse: Path, memory: str, *, plans: Path, project: Path, digest: str) -> Plan:
    """Return the plan of the last full build. Raises NoPlanError if the next slice cannot use it."""
    with _opened(warehouse, memory) as connection:
        try:
            built = connection.execute("select digest, built_at from kept.slices.build").fetchall()
        except duckdb.CatalogException:
            built = []
    if not built or not (plans / PLAN).exists():
        raise NoPlanError("no full build has ended here yet, or the last one was interrupted")
    ((built_with, built_at),) = built
    if built_with != digest:
        raise NoPlanError("the project, its settings or a library changed since everything was built")
    return Plan.of_manifest(plans / PLAN, project, built_at.replace(tzinfo=UTC))


def plan_to_read(warehouse: Path, *, plans: Path, project: Path) -> Plan:
    """Return the plan of the last full build, with the clock of the last run. Raises NoPlanError."""
    if not warehouse.exists() or not (plans / PLAN).exists():
        raise NoPlanError(f"There is no built warehouse at {warehouse}. Run a refresh first.")
    with open_file(warehouse, read_only=True) as connection:
        try:
            ((run_at,),) = connection.execute(
                "select clock.built_at from slices.clock as clock, slices.build"
            ).fetchall()
        except duckdb.CatalogException:
            raise NoPlanError("The last build was interrupted. Run a refresh first.") from None
    return Plan.of_manifest(plans / PLAN, project, run_at.replace(tzinfo=UTC))


@contextmanager
def opened_with_slice(warehouse: Path, memory: str, plan: Plan) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse as `kept`, and an empty slice in memory under the name that the plan's statements use."""
    with _opened(warehouse, memory) as connection:
        connection.execute(f"attach ':memory:' as {plan.database}")
        yield connection


def load_decisions(connection: duckdb.DuckDBPyConnection, plan: Plan, file: Path) -> None:
    """Load the seed of stewards' decisions as dbt would; it may change without a full build."""
    table = f"kept.{plan.seeds['identity_decisions']}"
    connection.begin()
    connection.execute(f"delete from {table}")
    connection.execute(
        f"insert into {table} by name from read_csv(?, header = true, all_varchar = true)", [str(file)]
    )
    connection.commit()


@contextmanager
def _opened(warehouse: Path, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    # Spill to disk next to the warehouse, not into the current folder.
    with open_in_memory(memory, spill=warehouse.with_name("slice_spill")) as connection:
        attach(connection, warehouse, "kept", read_only=False)
        yield connection


def drop_what_is_not_kept(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Drop the tables of the warehouse, attached as `kept`, that slices do not update."""
    found = connection.execute("""
        select schema_name || '.' || table_name, 'table' from duckdb_tables() where database_name = 'kept'
        union all
        select schema_name || '.' || view_name, 'view' from duckdb_views() where database_name = 'kept'
    """)
    kinds = dict(found.fetchall())
    there = kept(plan)
    for name, model in plan.models.items():
        if name not in there and model.table in kinds:
            connection.execute(f"drop {kinds[model.table]} kept.{model.table}")
