"""The materialization `connected_components` against networkx, on graphs of every awkward shape."""

import os
import random
from itertools import pairwise
from pathlib import Path

import duckdb
import networkx
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from hypothesis import given, settings
from hypothesis import strategies as st

PROJECT = Path(__file__).with_name("components_project")
Links = list[tuple[str, str]]


class Solver:
    """A warehouse in which dbt solves links by the materialization."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = folder / "warehouse.duckdb"

    def solve(self, links: Links) -> dict[str, str]:
        """Find the component of each node."""
        with self.connected() as connection:
            connection.execute("create schema if not exists raw")
            connection.execute("create or replace table raw.links (left_node varchar, right_node varchar)")
            if links:
                connection.executemany("insert into raw.links values (?, ?)", links)
        self.dbt("run")
        return self.components()

    def dbt(self, *arguments: str) -> None:
        """Run dbt on the project of one model next to these tests."""
        os.environ["WAREHOUSE_PATH"] = str(self.warehouse)
        options = [
            f"--project-dir={PROJECT}",
            f"--profiles-dir={PROJECT}",
            f"--target-path={self.folder / 'target'}",
        ]
        answer = dbtRunner().invoke([*arguments, *options, f"--log-path={self.folder}", "--log-level=none"])
        DuckDBConnectionManager.close_all_connections()
        assert answer.success, answer.exception or answer.result

    def components(self) -> dict[str, str]:
        """The component of each node as the table has it; nothing may be left behind next to it."""
        with self.connected() as connection:
            tables = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'main'"
            ).fetchall()
            assert tables == [("components",)]
            rows = connection.execute("select node, component from components").fetchall()
        assert len(rows) == len(dict(rows)), "a node has two components"
        return dict(rows)

    def connected(self) -> duckdb.DuckDBPyConnection:
        """Open the warehouse."""
        return duckdb.connect(str(self.warehouse))


@pytest.fixture(scope="module")
def solver(tmp_path_factory: pytest.TempPathFactory) -> Solver:
    return Solver(tmp_path_factory.mktemp("components"))


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

TURNS = [
    ("nothing", "comb"),
    ("comb", "binary tree"),
    ("chain of 500", "only single nodes"),
    ("star around the smallest", "star around the greatest"),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_solved_as_networkx_solves_it(solver: Solver, shape: str) -> None:
    links = shuffled(SHAPES[shape])
    assert solver.solve(links) == oracle(links)


@pytest.mark.parametrize(("before", "after"), TURNS)
def test_one_shape_is_turned_into_another(solver: Solver, before: str, after: str) -> None:
    solver.solve(SHAPES[before])
    assert solver.solve(shuffled(SHAPES[after])) == oracle(SHAPES[after])


def graphs(most: int) -> st.SearchStrategy[Links]:
    """Random links among up to ``most`` nodes, some of them of a node to itself, some of them twice."""
    nodes = st.integers(0, most).map(str)
    return st.lists(st.tuples(nodes, nodes), max_size=2 * most)


@settings(max_examples=4, deadline=None)
@given(links=st.integers(10, 400).flatmap(graphs))
def test_random_graphs_are_solved_as_networkx_solves_them(solver: Solver, links: Links) -> None:
    assert solver.solve(links) == oracle(links)


@settings(max_examples=2, deadline=None)
@given(
    first=graphs(60),
    steps=st.lists(st.tuples(graphs(8), st.floats(0, 0.3), st.randoms()), min_size=1, max_size=2),
)
def test_links_come_and_go(
    solver: Solver, first: Links, steps: list[tuple[Links, float, random.Random]]
) -> None:
    links = first
    solver.solve(links)
    for added, share_removed, chance in steps:
        links = [link for link in links if chance.random() >= share_removed] + added
        assert solver.solve(links) == oracle(links)
