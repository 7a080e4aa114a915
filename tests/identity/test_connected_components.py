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

    def solve(
        self, links: Links, changes: list[tuple[str, str, bool]] | None = None, *, full_refresh: bool = False
    ) -> dict[str, str]:
        """Find the component of each node; from ``changes`` alone where these are told, from what differs where not."""
        with self.connected() as connection:
            connection.execute("create schema if not exists raw")
            connection.execute("create or replace table raw.links (left_node varchar, right_node varchar)")
            connection.execute(
                "create or replace table raw.changes as select *, false as is_removed from raw.links"
            )
            if links:
                connection.executemany("insert into raw.links values (?, ?)", links)
            if changes:
                connection.executemany("insert into raw.changes values (?, ?, ?)", changes)
        model = "components" if changes is None else "components_of_told_changes"
        self.dbt("run", f"--select={model}", *(["--full-refresh"] if full_refresh else []))
        return self.components(model)

    def dbt(self, *arguments: str) -> None:
        """Run dbt on the project of two models beside these tests."""
        os.environ["WAREHOUSE_PATH"] = str(self.warehouse)
        options = [
            f"--project-dir={PROJECT}",
            f"--profiles-dir={PROJECT}",
            f"--target-path={self.folder / 'target'}",
        ]
        answer = dbtRunner().invoke([*arguments, *options, f"--log-path={self.folder}", "--log-level=none"])
        DuckDBConnectionManager.close_all_connections()
        assert answer.success, answer.exception or answer.result

    def components(self, model: str = "components") -> dict[str, str]:
        """The component of each node as the table has it; nothing may be left behind beside it."""
        with self.connected() as connection:
            tables = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'main'"
            ).fetchall()
            left_behind = {name for (name,) in tables} - {f"{m}{s}" for m in MODELS for s in ("", "__solved")}
            assert left_behind == set()
            rows = connection.execute(f"select node, component from {model}").fetchall()
        assert len(rows) == len(dict(rows)), "a node has two components"
        return dict(rows)

    def remembered(self) -> Links:
        """The links that the next update takes for solved."""
        with self.connected() as connection:
            return connection.execute(
                "select left_node, right_node from components__solved order by left_node, right_node"
            ).fetchall()

    def connected(self) -> duckdb.DuckDBPyConnection:
        """Open the warehouse."""
        return duckdb.connect(str(self.warehouse))


MODELS = ("components", "components_of_told_changes")


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
    assert solver.solve(links, full_refresh=True) == oracle(links)


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
    assert solver.solve(links, full_refresh=True) == oracle(links)


@settings(max_examples=2, deadline=None)
@given(
    first=graphs(60),
    steps=st.lists(st.tuples(graphs(8), st.floats(0, 0.3), st.randoms()), min_size=1, max_size=2),
)
def test_links_come_and_go_and_the_components_are_those_of_a_full_refresh(
    solver: Solver, first: Links, steps: list[tuple[Links, float, random.Random]]
) -> None:
    links = first
    solver.solve(links, full_refresh=True)
    for added, share_removed, chance in steps:
        links = [link for link in links if chance.random() >= share_removed] + added
        assert solver.solve(links) == oracle(links)


@settings(max_examples=2, deadline=None)
@given(first=graphs(60), added=graphs(8), share_removed=st.floats(0, 0.3), chance=st.randoms())
def test_changes_that_are_told_come_to_the_components_of_a_full_refresh(
    solver: Solver, first: Links, added: Links, share_removed: float, chance: random.Random
) -> None:
    solver.solve(first, [], full_refresh=True)
    removed = {link for link in sorted(set(first)) if chance.random() < share_removed}
    links = [link for link in first if link not in removed] + added
    changes = [(*link, True) for link in removed - set(added)] + [(*link, False) for link in added]
    assert solver.solve(links, changes) == oracle(links)


def test_a_component_that_no_changed_link_touches_is_not_solved_again(solver: Solver) -> None:
    links = [("a", "b"), ("c", "d"), ("d", "e"), ("f", "g")]
    solver.solve(links, full_refresh=True)
    with solver.connected() as connection:
        connection.execute("update components set component = 'untouched' where node in ('f', 'g')")
    assert solver.solve([("a", "b"), ("b", "h"), ("c", "d"), ("f", "g")]) == {
        **dict.fromkeys("abh", "a"),
        **dict.fromkeys("cd", "c"),
        **dict.fromkeys("fg", "untouched"),
    }


def test_a_link_that_is_told_twice_is_remembered_once(solver: Solver) -> None:
    """Or the link told a second time, of which an update knows, would make the memory another than a full refresh's."""
    links = [("a", "b"), ("a", "b"), ("c", "d")]
    solver.solve(links, full_refresh=True)
    assert solver.remembered() == [("a", "b"), ("c", "d")]
    solver.solve([*links, ("c", "d"), ("e", "f"), ("e", "f")])
    assert solver.remembered() == [("a", "b"), ("c", "d"), ("e", "f")]


def test_an_update_that_was_interrupted_is_followed_by_solving_in_full(solver: Solver) -> None:
    links = [("a", "b"), ("c", "d")]
    solver.solve(links, full_refresh=True)
    with solver.connected() as connection:
        connection.execute("alter table components__solved rename to components__solved_updating")
        connection.execute("update components set component = 'half done'")
    assert solver.solve(links) == oracle(links)
    assert solver.solve([*links, ("b", "c")]) == dict.fromkeys("abcd", "a")
