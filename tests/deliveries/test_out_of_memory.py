"""A slice that needs more memory than there is: it is merged in steps, or everything is built instead."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from slices import judge, plan
from slices.merge import merge
from slices.run import update
from tests.pipeline_run.compiled_models import COMPILED_AT, CompiledModels
from tests.pipeline_run.run import Place

NO_ROOM = "the slice does not fit into the memory limit"
BUILD = "slices.build"


@contextmanager
def _delivered(warehouse: Path, database: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which a few events have come again in another load, and an empty slice."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{warehouse}' as kept")
        connection.execute(f"attach ':memory:' as {database}")
        connection.execute(f"create or replace table kept.{BUILD} as select 'one' as build_id")
        connection.execute("""
            update kept.raw.web_events set _dlt_load_id = 'another'
            where message_id in (select message_id from kept.raw.web_events order by message_id limit 3)
        """)
        yield connection


@pytest.fixture
def deliver(
    tmp_path: Path, in_one_go: Place, models: CompiledModels
) -> Iterator[Callable[[], duckdb.DuckDBPyConnection]]:
    """Opens another such warehouse at each call."""
    with ExitStack() as opened:

        def one_more() -> duckdb.DuckDBPyConnection:
            warehouse = tmp_path / f"warehouse_{len(list(tmp_path.iterdir()))}.duckdb"
            shutil.copyfile(in_one_go.warehouse, warehouse)
            return opened.enter_context(_delivered(warehouse, models.plan.database))

        yield one_more


@pytest.fixture
def delivered(deliver: Callable[[], duckdb.DuckDBPyConnection]) -> duckdb.DuckDBPyConnection:
    """One such warehouse."""
    return deliver()


def test_while_customers_are_built(delivered: duckdb.DuckDBPyConnection, models: CompiledModels) -> None:
    before, memory = _content(delivered), _Memory(delivered)
    done = update(delivered, models.plan, _clock(delivered), tested=False, log=lambda _: memory.exhaust())
    memory.restore()
    assert done.closure.full == NO_ROOM
    assert _content(delivered) == before


@pytest.mark.parametrize("is_foreseen", [True, False])
def test_a_merge_in_steps_does_the_same(
    deliver: Callable[[], duckdb.DuckDBPyConnection],
    models: CompiledModels,
    monkeypatch: pytest.MonkeyPatch,
    is_foreseen: bool,
) -> None:
    whole, stepwise = deliver(), deliver()
    before = _content(whole)
    merged = update(whole, models.plan, _clock(whole), tested=False)
    if is_foreseen:
        monkeypatch.setattr("slices.transactions.MOST_FOR_DELETES", 0.0)
    else:
        _Memory(stepwise).exhaust_after_merges(monkeypatch, 1)
    logged: list[str] = []
    in_steps = update(stepwise, models.plan, _clock(stepwise), tested=False, log=logged.append)
    assert any("merged in steps" in line for line in logged)
    assert in_steps.rows == merged.rows
    assert _content(whole) == _content(stepwise) != before


def test_a_merge_in_steps_that_does_not_fit_counts_as_interrupted(
    delivered: duckdb.DuckDBPyConnection, models: CompiledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, memory = _content(delivered), _Memory(delivered)
    memory.exhaust_after_merges(monkeypatch, 2)
    done = update(delivered, models.plan, _clock(delivered), tested=False)
    memory.restore()
    assert done.closure.full == NO_ROOM
    assert before.keys() - _content(delivered).keys() == {BUILD}


def test_a_merge_in_steps_that_fails_its_tests_counts_as_interrupted(
    delivered: duckdb.DuckDBPyConnection, models: CompiledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = plan.Test("of_everybody", "test.of_everybody", "select 1", False, ("mart_channel_performance",))
    tested = plan.Plan(
        models.plan.models.values(), [failing], models.plan.seeds, models.plan.database, models.plan.run_at
    )
    memory = _Memory(delivered)
    memory.exhaust_after_merges(monkeypatch, 1)
    with pytest.raises(
        judge.TestsFailedError, match=r"of_everybody \(1\)\. The next run builds everything\.$"
    ):
        update(delivered, tested, _clock(delivered))
    assert BUILD not in _content(delivered)


class _Memory:
    """The memory that a connection's database may take."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._spare: list[duckdb.DuckDBPyConnection] = []

    def exhaust(self) -> None:
        """Leave no more than is in use; DuckDB refuses a limit below that."""
        # An open result holds 32 KB, and is closed without a statement, which could want some memory itself.
        self._spare = [self._connection.cursor().execute("from range(100_000)") for _ in range(10)]
        # Of its own: a refused statement would abort the connection's transaction.
        session = self._connection.cursor()
        for megabytes in range(1, 1_000):
            with suppress(duckdb.OutOfMemoryException):
                session.execute(f"set global memory_limit = '{megabytes}MB'")
                return

    def exhaust_after_merges(self, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        """Leave none after each of the first merges, and as much as before at the beginning of each."""
        done: list[None] = []

        def merged_with_the_last_memory(*arguments: Any) -> dict[str, int]:
            self.restore()
            rows = merge(*arguments)
            done.append(None)
            if len(done) <= times:
                self.exhaust()
            return rows

        monkeypatch.setattr("slices.run.merge", merged_with_the_last_memory)

    def restore(self) -> None:
        """Allow as much as at first."""
        for result in self._spare:
            result.close()
        self._connection.execute("reset memory_limit")


def _clock(connection: duckdb.DuckDBPyConnection) -> Any:
    ((built_at,),) = connection.execute("select built_at from kept.slices.clock").fetchall()
    return built_at.replace(tzinfo=COMPILED_AT.tzinfo)


def _content(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return an order-independent checksum of each table of the warehouse."""
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'kept'"
    ).fetchall()
    return {
        table: connection.execute(f"select count(*), sum(hash(t)) from kept.{table} as t").fetchone()
        for (table,) in tables
    }
