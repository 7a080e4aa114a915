"""The project's models as plain statements: dbt compiles them once, DuckDB runs them in a connection.

dbt needs some 50 ms for each model, which is more than a statement takes on a slice of a hundred records.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import networkx as nx

# The form in which the macro `run_at` writes the clock of the run.
_CLOCK = "cast('{:%Y-%m-%d %H:%M:%S.%f}' as "
# Generic tests that compare a row with other rows.
ACROSS_ROWS = {"unique", "unique_combination", "one_row_per", "relationships"}


@dataclass(frozen=True)
class Model:
    """One model of the compiled project."""

    name: str
    schema: str
    language: str
    materialized: str
    code: str
    file: Path
    config: Mapping[str, Any]
    columns: tuple[str, ...]
    parents: tuple[str, ...]
    layer: str

    @property
    def table(self) -> str:
        """The table's name within its database."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Test:
    """One data test: a statement that selects the rows that fail it."""

    name: str
    unique_id: str
    code: str
    is_warning: bool
    parents: tuple[str, ...]
    # Keys and references of marts: a row of the slice may conflict with a kept row, or a kept row may reference it.
    needs_all_rows: bool = False


class Plan:
    """Compiled models by name, each after the models that it reads, and the tests."""

    def __init__(
        self,
        models: Iterable[Model],
        tests: Iterable[Test],
        seeds: Mapping[str, str],
        database: str,
        run_at: datetime,
    ) -> None:
        self.models = {model.name: model for model in models}
        self.tests = list(tests)
        # The table of each seed by its name.
        self.seeds = dict(seeds)
        # The name of the built database in the statements.
        self.database = database
        self.run_at = run_at

    @classmethod
    def of_manifest(cls, manifest: Path, project: Path, run_at: datetime) -> "Plan":
        """Read dbt's manifest after `dbt compile` or `dbt build`; ``run_at`` is the clock it compiled."""
        return cls.of_nodes(json.loads(manifest.read_bytes())["nodes"].values(), project, run_at)

    @classmethod
    def of_nodes(cls, nodes: Iterable[Mapping[str, Any]], project: Path, run_at: datetime) -> "Plan":
        """Read the nodes of dbt's manifest."""
        models, tests, seeds, database = [], [], {}, ""
        for node in nodes:
            if node["resource_type"] == "seed":
                seeds[node["name"]] = f"{node['schema']}.{node['alias']}"
            if node["resource_type"] == "model":
                database = node["database"]
                models.append(_model(node, project))
            if node["resource_type"] == "test":
                tests.append(_test(node))
        return cls(models, tests, seeds, database, run_at)

    @cached_property
    def order(self) -> list[str]:
        """Names of all models, each after the models that it reads."""
        return list(nx.lexicographical_topological_sort(self._graph))

    @cached_property
    def _graph(self) -> "nx.DiGraph[str]":
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.models)
        for model in self.models.values():
            graph.add_edges_from((parent, model.name) for parent in model.parents if parent in self.models)
        return graph

    def upstream(self, names: Collection[str]) -> set[str]:
        """Return these models and all their ancestors."""
        return set(names).union(*(nx.ancestors(self._graph, name) for name in names))

    def in_database(self, name: str) -> "Plan":
        """Return the plan with statements that read and build another database."""
        ours, theirs = f'"{self.database}".', f'"{name}".'
        models = [replace(model, code=model.code.replace(ours, theirs)) for model in self.models.values()]
        tests = [replace(test, code=test.code.replace(ours, theirs)) for test in self.tests]
        return Plan(models, tests, self.seeds, name, self.run_at)

    def table_of(self, name: str) -> str:
        """Return the table of a model or seed."""
        return self.seeds[name] if name in self.seeds else self.models[name].table

    def code_at(self, model: Model, run_at: datetime) -> str:
        """Return a model's statement with another clock than the compiled one."""
        return model.code.replace(
            _CLOCK.format(self.run_at.astimezone(UTC)), _CLOCK.format(run_at.astimezone(UTC))
        )


def _model(node: Mapping[str, Any], project: Path) -> Model:
    return Model(
        name=node["name"],
        schema=node["schema"],
        language=node["language"],
        materialized=node["config"]["materialized"],
        code=node.get("compiled_code") or "",
        file=project / node["original_file_path"],
        config=node["config"],
        columns=tuple(node["columns"]),
        layer=node["fqn"][1],
        parents=tuple(parent.split(".")[-1] for parent in node["depends_on"]["nodes"]),
    )


def _test(node: Mapping[str, Any]) -> Test:
    return Test(
        name=node["name"],
        unique_id=node["unique_id"],
        code=node.get("compiled_code") or "",
        is_warning=node["config"]["severity"].lower() == "warn",
        parents=tuple(parent.split(".")[-1] for parent in node["depends_on"]["nodes"]),
        needs_all_rows=node["fqn"][1] == "marts"
        and (node.get("test_metadata") or {}).get("name") in ACROSS_ROWS,
    )
