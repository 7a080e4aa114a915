"""Builds the models of a plan in a DuckDB connection, each as a plain table."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from slices.plan import Model, Plan
from slices.sessions import work_in_order

SCHEMAS = ("raw", "seeds", "staging", "intermediate", "marts")


class ModelError(RuntimeError):
    """A model's statement failed; the message names the model."""


@dataclass(frozen=True)
class _Config:
    """The configuration that a Python model can read."""

    values: Mapping[str, Any]

    def __call__(self, **_: Any) -> None:
        """Take the configuration of a model from dbt's manifest."""

    def get(self, name: str) -> Any:
        """Return a value of the configuration or of its `meta`."""
        return self.values.get(name, self.values.get("meta", {}).get(name))


@dataclass(frozen=True)
class _Dbt:
    """The `dbt` argument of a Python model."""

    config: _Config
    plan: Plan
    connection: duckdb.DuckDBPyConnection
    is_incremental: bool = False

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        return self.connection.table(f"{self.plan.database}.{self.plan.table_of(name)}")


def build(
    connection: duckdb.DuckDBPyConnection, plan: Plan, names: Collection[str], run_at: datetime
) -> None:
    """Build these models, in the plan's order, in the attached database that the plan names.

    All other tables that they read must exist. Raises ModelError naming the model that failed.
    """
    there = _tables(connection, plan.database)
    for name in plan.order:
        if name in names:
            _build(connection, plan, plan.models[name], run_at, there)


def build_slice(
    connection: duckdb.DuckDBPyConnection, plan: Plan, names: Collection[str], run_at: datetime
) -> None:
    """Build these models as `build` does, but several at a time; the connection must have no open transaction."""
    there = _tables(connection, plan.database)
    parents = {
        name: set(plan.models[name].parents).intersection(names) - {name}
        for name in plan.order
        if name in names
    }
    work_in_order(
        connection, parents, lambda session, name: _build(session, plan, plan.models[name], run_at, there)
    )


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    found = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = ?", [database]
    ).fetchall()
    return {table for (table,) in found}


def _build(
    connection: duckdb.DuckDBPyConnection, plan: Plan, model: Model, run_at: datetime, there: Collection[str]
) -> None:
    try:
        _create_or_fill(connection, plan, model, run_at, is_there=model.table in there)
    except Exception as error:
        raise ModelError(f"{model.name}: {error}") from error


def _create_or_fill(
    connection: duckdb.DuckDBPyConnection, plan: Plan, model: Model, run_at: datetime, *, is_there: bool
) -> None:
    """Create a model's table; an existing one keeps its columns, their order and types, and gets new rows.

    With a unique key, which dbt's incremental models have, only rows with the keys of new rows are replaced.
    """
    target = f"{plan.database}.{model.table}"
    if model.language == "sql" and model.config.get("incremental_strategy") == "append":
        connection.execute(f"insert into {target} by name {plan.code_at(model, run_at)}")
        return
    key = model.config.get("unique_key")
    with _rows_of(connection, plan, model, run_at) as rows:
        if not is_there:
            connection.execute(f"create table {target} as {rows}")
        elif key:
            connection.execute(f"create or replace temp table new_rows as {rows}")
            connection.execute(f"delete from {target} where {key} in (select {key} from new_rows)")
            connection.execute(f"insert into {target} by name from new_rows")
        else:
            connection.execute(f"delete from {target}")
            connection.execute(f"insert into {target} by name {rows}")


@contextmanager
def _rows_of(
    connection: duckdb.DuckDBPyConnection, plan: Plan, model: Model, run_at: datetime
) -> Iterator[str]:
    """Yield the query of a model's rows; rows computed by Python are registered as a table meanwhile."""
    if model.language == "sql" and model.materialized != "connected_components":
        yield plan.code_at(model, run_at)
        return
    if model.language == "python":
        computed = module_of(model).model(_Dbt(_Config(model.config), plan, connection), connection)
    else:
        computed = components(connection.sql(plan.code_at(model, run_at)).to_arrow_table())
    connection.register("rows_of_model", computed)
    try:
        yield "from rows_of_model"
    finally:
        connection.unregister("rows_of_model")


def module_of(model: Model) -> ModuleType:
    """Return the program of a Python model."""
    return _module(model.file)


@cache
def _module(file: Path) -> ModuleType:
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def components(links: pa.Table) -> pa.Table:
    """Return a row per node with its component, named after the component's smallest node."""
    # Not at the top: a run without news, which builds nothing, need not import it.
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    left, right = (column.combine_chunks().cast(pa.string()) for column in links.columns)
    ends = pa.concat_arrays([left, right]).dictionary_encode()
    nodes, (lefts, rights) = ends.dictionary, np.split(ends.indices.to_numpy(), 2)
    graph = coo_matrix((np.ones(len(lefts), bool), (lefts, rights)), shape=(len(nodes), len(nodes)))
    numbers = connected_components(graph, directed=False)[1]
    numbered = pa.table({"node": nodes, "number": numbers})
    smallest = numbered.group_by("number").aggregate([("node", "min")]).sort_by("number")["node_min"]
    return pa.table({"node": nodes, "component": smallest.take(pa.array(numbers))})
