"""The project's models as plain statements: dbt compiles them once, DuckDB then runs them in a second or two.

A dbt run costs 14 s of processor time however few the rows, nearly all of it dbt's own work for each node. A story that
arrives in one delivery does not need that: every model is then a table built from empty. Materializations, hooks,
contracts and incremental strategies are left out; the demo and the tests of deliveries run them with dbt.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import networkx as nx
import pandas as pd
from dbt.contracts.graph.nodes import ModelNode

from tests.pipeline_run.dbt_in_process import PROJECT

# The two settings of a story that are compiled into statements; each stands there as this text.
COMPILED_AT = datetime(2001, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
COMPILED_CURRENCY = "XTS"
# Only incremental builds read these.
FOR_UPDATES = ("int_changes__fingerprints", "int_dirty_customers")


@dataclass(frozen=True)
class _Config:
    values: Mapping[str, Any]

    def __call__(self, **_: Any) -> None:
        """Take a model's configuration, which dbt has read already."""

    def get(self, name: str) -> Any:
        """Return a value of the configuration or of its `meta`."""
        return self.values.get(name, self.values.get("meta", {}).get(name))


@dataclass(frozen=True)
class _Dbt:
    """What a Python model asks of dbt, in a first build."""

    config: _Config
    tables: Mapping[str, str]
    connection: duckdb.DuckDBPyConnection
    is_incremental: bool = False

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        return self.connection.table(self.tables[name])


class CompiledModels:
    """The compiled statements in an order in which each comes after what it reads."""

    def __init__(self, models: list[ModelNode], seeds: Mapping[str, str]) -> None:
        graph = nx.DiGraph()
        by_id = {model.unique_id: model for model in models}
        for model in models:
            graph.add_node(model.unique_id)
            graph.add_edges_from(
                (parent, model.unique_id) for parent in model.depends_on_nodes if parent in by_id
            )
        ordered = nx.lexicographical_topological_sort(graph)
        self._models = [by_id[key] for key in ordered if by_id[key].name not in FOR_UPDATES]
        self._tables = dict(seeds) | {model.name: _table(model) for model in models}
        self._modules = {model.name: _module(model) for model in models if model.language == "python"}

    def run(self, warehouse: Path, *, run_at: datetime, currency: str) -> None:
        """Build every model in a warehouse that has raw tables and seeds. Raises RuntimeError naming the model."""
        settings = {
            f"'{COMPILED_AT:%Y-%m-%d %H:%M:%S.%f}'": f"'{run_at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'",
            f"'{COMPILED_CURRENCY}'": f"'{currency}'",
        }
        with closing(duckdb.connect(warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            for schema in {model.schema for model in self._models}:
                connection.execute(f"create schema if not exists {schema}")
            connection.begin()
            for model in self._models:
                try:
                    self._build(connection, model, settings)
                except Exception as error:
                    raise RuntimeError(f"{model.name}: {error}") from error
            connection.commit()

    def _build(
        self, connection: duckdb.DuckDBPyConnection, model: ModelNode, settings: Mapping[str, str]
    ) -> None:
        if model.language == "python":
            dbt = _Dbt(_Config(model.config.to_dict()), self._tables, connection)
            rows = self._modules[model.name].model(dbt, connection)
            connection.register("rows_of_model", rows)
            connection.execute(f"create table {_table(model)} as from rows_of_model")
            connection.unregister("rows_of_model")
            return
        statement = model.compiled_code or ""
        for compiled, wanted in settings.items():
            statement = statement.replace(compiled, wanted)
        if model.config.materialized == "connected_components":
            links = connection.execute(statement).fetchall()
            connection.register("rows_of_model", _components(links))
            statement = "from rows_of_model"
        kind = "view" if model.config.materialized == "view" else "table"
        connection.execute(f"create {kind} {_table(model)} as {statement}")


def _table(model: ModelNode) -> str:
    return f"{model.schema}.{model.alias}"


def _module(model: ModelNode) -> ModuleType:
    spec = spec_from_file_location(model.name, PROJECT / model.original_file_path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _components(links: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Return a row per node with its component, which the smallest node names."""
    found = nx.connected_components(nx.Graph(links))
    rows = [(node, min(nodes)) for nodes in found for node in nodes]
    return pd.DataFrame(rows, columns=["node", "component"], dtype="string")
