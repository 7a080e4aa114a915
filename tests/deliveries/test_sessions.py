"""Work in several sessions: each item after those that it waits for, together with those that it does not."""

from threading import Barrier

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slices.sessions import work_in_order

# Each item may wait for smaller ones.
GRAPHS = st.lists(st.sets(st.integers(0, 11)), max_size=12).map(
    lambda sets: {number: {other for other in others if other < number} for number, others in enumerate(sets)}
)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 2})


@settings(max_examples=30, deadline=None)
@given(waits_for=GRAPHS)
def test_each_item_is_done_once_and_after_those_it_waits_for(waits_for: dict[int, set[int]]) -> None:
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("create table done (item integer)")

        def work(session: duckdb.DuckDBPyConnection, item: int) -> None:
            there = {number for (number,) in session.execute("from done").fetchall()}
            assert waits_for[item] <= there
            session.execute("insert into done values (?)", [item])

        work_in_order(connection, waits_for, work)
        done = connection.execute("from done order by item").fetchall()
    assert done == [(item,) for item in sorted(waits_for)]


def test_two_items_are_worked_on_together(connection: duckdb.DuckDBPyConnection) -> None:
    both = Barrier(2, timeout=10)

    def work(_: duckdb.DuckDBPyConnection, __: str) -> None:
        both.wait()

    work_in_order(connection, {"one": (), "other": ()}, work)


def test_an_error_is_raised_after_the_work_that_was_started(connection: duckdb.DuckDBPyConnection) -> None:
    both = Barrier(2, timeout=10)
    ended = []

    def work(session: duckdb.DuckDBPyConnection, item: str) -> None:
        if item != "later":
            both.wait()
        if item == "wrong":
            raise ValueError(item)
        session.execute("select count(*) from range(10_000_000)").fetchall()
        ended.append(item)

    with pytest.raises(ValueError, match="wrong"):
        work_in_order(connection, {"wrong": (), "right": (), "later": ("wrong",)}, work)
    assert ended == ["right"]
