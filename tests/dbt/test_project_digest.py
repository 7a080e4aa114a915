"""Kept rows are those of this very project: its digest tells it from others."""

import json
from collections.abc import Callable
from hashlib import md5
from types import SimpleNamespace
from typing import Any

import pytest

from tests.dbt.rendering import Engine

Nodes = dict[str, dict[str, Any]]
Digest = Callable[..., str]
KEEPS_ROWS = {"materialized": "incremental", "incremental_strategy": "by_customer"}


def node(*parents: str, checksum: str = "as it is", **config: Any) -> dict[str, Any]:
    """Return a node as dbt's graph has it; what YAML configures is in its config, and not in its checksum."""
    return {
        "resource_type": "model",
        "config": config,
        "checksum": {"checksum": checksum},
        "depends_on": {"nodes": list(parents)},
    }


def graph_with(**changed: dict[str, Any]) -> Nodes:
    """Return a project's nodes: a model that keeps rows, what comes before it, and what comes after."""
    nodes = {
        "rules": node(),
        "rates": node(meta={"changes_often": True}),
        "events": node("model.p.rules", "model.p.rates", materialized="table"),
        "journeys": node("model.p.events", **KEEPS_ROWS),
        "report": node("model.p.journeys", materialized="table"),
    }
    return {f"model.p.{name}": {"name": name} | told for name, told in (nodes | changed).items()}


@pytest.fixture(scope="module")
def digest() -> Digest:
    """Return the macro, as a function of a project's nodes and of the arguments that dbt is run with."""
    graph, arguments = SimpleNamespace(), dict[str, str]()
    of_run = {
        "execute": True,
        "graph": graph,
        "project_name": "p",
        "invocation_args_dict": arguments,
        "local_md5": lambda text: md5(text.encode(), usedforsecurity=False).hexdigest(),
        "tojson": json.dumps,
    }
    engine = Engine("duckdb", SimpleNamespace(), quote=str, environment={}, of_run=of_run)

    def of(nodes: Nodes, **given: str) -> str:
        graph.nodes = nodes
        arguments.clear()
        arguments.update(given)
        return engine.call("project_digest")

    return of


@pytest.mark.parametrize(
    ("changed", "is_another"),
    [
        ({}, False),
        ({"journeys": node("model.p.events", **KEEPS_ROWS, checksum="edited")}, True),
        ({"journeys": node("model.p.events", **KEEPS_ROWS, meta={"keeps": "loads"})}, True),
        ({"events": node("model.p.rules", "model.p.rates", materialized="view")}, True),
        ({"rules": node(quote_columns=True)}, True),
        ({"rates": node(checksum="edited", meta={"changes_often": True})}, False),
        ({"report": node("model.p.journeys", materialized="view", checksum="edited")}, False),
    ],
    ids=["nothing", "SQL", "its YAML", "YAML of what it reads", "YAML of a seed", "a daily seed", "a reader"],
)
def test_a_project_is_another_where_what_makes_kept_rows_is_written_or_configured_otherwise(
    digest: Digest, changed: Nodes, is_another: bool
) -> None:
    assert (digest(graph_with(**changed)) != digest(graph_with())) == is_another


def test_a_project_with_other_variables_is_another(digest: Digest) -> None:
    assert digest(graph_with(), vars="{journey_timeout_days: 7}") != digest(graph_with())
