"""The project's models as plain statements: dbt compiles them once, DuckDB then builds a warehouse in seconds.

A dbt run costs 14 s of processor time however few the rows, nearly all of it dbt's own work for each node. A story that
arrives in one delivery does not need that. Contracts and dbt's tests are left out: the demo runs them with dbt.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from slices.build import build
from slices.closure import Closure
from slices.kept import parameters
from slices.plan import Plan
from slices.run import update
from slices.warehouse import create_histories, drop_what_is_not_kept, note_whole_build
from tests.pipeline_run.dbt_in_process import PROJECT

# The two settings of a story that are compiled into statements, as these texts.
COMPILED_AT = datetime(2001, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
COMPILED_CURRENCY = "XTS"
# A secret of the warehouse, which it keeps.
NAMING_KEY = "int_identity__naming_key"


class CompiledModels:
    """The compiled project: builds warehouses that have raw tables and seeds, whole or by slices."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def run(self, warehouse: Path, *, run_at: datetime, currency: str = "USD", fitted: bool = True) -> None:
        """Build every model, and remember it for the slices that follow. Raises ModelError naming the model.

        Where ``fitted`` is false, parameters are those that are there.
        """
        plan = self._in(currency)
        self._build(
            plan, set(plan.models) if fitted else set(plan.models) - parameters(plan), warehouse, run_at
        )
        with _opened(warehouse, "kept") as connection:
            note_whole_build(connection, plan, run_at)
            drop_what_is_not_kept(connection, plan)

    def run_for(
        self, marts: Collection[str], warehouse: Path, *, run_at: datetime, currency: str = "USD"
    ) -> None:
        """Build these marts and what they are made from; no slice can follow. Raises ModelError naming the model."""
        plan = self._in(currency)
        self._build(plan, plan.upstream(marts), warehouse, run_at)

    def _build(self, plan: Plan, names: set[str], warehouse: Path, run_at: datetime) -> None:
        with _opened(warehouse, plan.database) as connection:
            for schema in {model.schema for model in plan.models.values()}:
                connection.execute(f"create schema if not exists {plan.database}.{schema}")
            create_histories(connection, plan.database, PROJECT)
            there = {NAMING_KEY} if _is_there(connection, plan, NAMING_KEY) else set()
            connection.begin()
            build(connection, plan, names - there, run_at)
            connection.commit()

    def bring_up(self, warehouse: Path, *, run_at: datetime, currency: str = "USD") -> Closure:
        """Build a slice, or everything if that is not possible. Returns the closure."""
        plan = self._in(currency)
        with _opened(warehouse, "kept") as connection:
            connection.execute(f"attach ':memory:' as {plan.database}")
            closure = update(connection, plan, run_at, tested=False, largest_share=2.0).closure
        if closure.full:
            self.run(warehouse, run_at=run_at, currency=currency)
        return closure

    def _in(self, currency: str) -> Plan:
        was, now = f"'{COMPILED_CURRENCY}'", f"'{currency}'"
        models = [replace(model, code=model.code.replace(was, now)) for model in self.plan.models.values()]
        return Plan(models, self.plan.tests, self.plan.seeds, self.plan.database, self.plan.run_at)


@contextmanager
def _opened(warehouse: Path, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{warehouse}' as {name}")
        yield connection


def _is_there(connection: duckdb.DuckDBPyConnection, plan: Plan, model: str) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = ? and table_name = ?", [plan.database, model]
    )
    return bool(found.fetchall())
