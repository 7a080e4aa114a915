"""The materialization `connected_components` against networkx, on graphs of every awkward shape."""

import os
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb
import networkx
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PROJECT = Path(__file__).with_name("components_project")
Links = list[tuple[str, str]]
Solve = Callable[[Links], dict[str, str]]


@pytest.fixture(scope="module")
def solve(tmp_path_factory: pytest.TempPathFactory) -> Solve:
    """Solve links by the materialization: the component of each node."""
    folder = tmp_path_factory.mktemp("components")
    warehouse = folder / "warehouse.duckdb"

    def run(links: Links) -> dict[str, str]:
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("create schema if not exists raw")
            connection.execute("create or replace table raw.links (left_node varchar, right_node varchar)")
            if links:
                connection.executemany("insert into raw.links values (?, ?)", links)
        os.environ["WAREHOUSE_PATH"] = str(warehouse)
        options = [
            f"--project-dir={PROJECT}",
            f"--profiles-dir={PROJECT}",
            f"--target-path={folder / 'target'}",
        ]
        answer = dbtRunner().invoke(["run", *options, f"--log-path={folder}", "--log-level=none"])
        DuckDBConnectionManager.close_all_connections()
        assert answer.success, answer.exception or answer.result
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            tables = connection.execute("select table_name from information_schema.tables").fetchall()
            assert ("components",) in tables
            assert len(tables) == 2, f"working tables were left behind: {tables}"
            return dict(connection.execute("select node, component from components").fetchall())

    return run


def oracle(links: Links) -> dict[str, str]:
    """The component of each node, named by its smallest node, after networkx."""
    graph = networkx.Graph(links)
    return {node: min(group) for group in networkx.connected_components(graph) for node in group}


def shuffled(links: Links) -> Links:
    """The links in an arbitrary order, each end first in about half of them."""
    chance = random.Random(7)
    turned = [(right, left) if chance.random() < 0.5 else (left, right) for left, right in links]
    chance.shuffle(turned)
    return turned


def chain(names: list[str]) -> Links:
    return list(pairwise(names))


NUMBERED = [f"i{number:03}" for number in range(500)]
SCRAMBLED = random.Random(1).sample(NUMBERED, len(NUMBERED))
SHAPES: dict[str, Links] = {
    "nothing": [],
    "only single nodes": [("a", "a"), ("b", "b")],
    "chain of 500": chain(NUMBERED),
    "chain of 500 in scrambled order": chain(SCRAMBLED),
    "star around the smallest": [("a", f"n{i}") for i in range(200)],
    "star around the greatest": [("z", f"n{i}") for i in range(200)],
    "ring": [*chain(NUMBERED), (NUMBERED[-1], NUMBERED[0])],
    "comb": [*chain(SCRAMBLED), *((name, f"t{name}") for name in SCRAMBLED)],
    "binary tree": [(f"n{i}", f"n{2 * i + side}") for i in range(1, 200) for side in (0, 1)],
    "many pairs": [(f"l{i}", f"r{i}") for i in range(300)],
    "the same link often": [("a", "b")] * 50 + [("b", "a")] * 50,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_solved_as_networkx_solves_it(solve: Solve, shape: str) -> None:
    links = shuffled(SHAPES[shape])
    assert solve(links) == oracle(links)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    links=st.integers(10, 400).flatmap(
        lambda size: st.lists(
            st.tuples(st.integers(0, size).map(str), st.integers(0, size).map(str)), max_size=2 * size
        )
    )
)
def test_random_graphs_are_solved_as_networkx_solves_them(solve: Solve, links: Links) -> None:
    assert solve(links) == oracle(links)
