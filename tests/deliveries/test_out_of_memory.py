"""A slice that does not fit into memory changes nothing, and says that everything must be built instead."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from slices.merge import merge
from slices.run import update
from tests.pipeline_run.compiled_models import COMPILED_AT, CompiledModels
from tests.pipeline_run.run import Place


@pytest.fixture
def delivered(
    tmp_path: Path, in_one_go: Place, models: CompiledModels
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which a few events have come again in another load, and an empty slice."""
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copyfile(in_one_go.warehouse, warehouse)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{warehouse}' as kept")
        connection.execute(f"attach ':memory:' as {models.plan.database}")
        connection.execute("""
            update kept.raw.web_events set _dlt_load_id = 'another'
            where message_id in (select message_id from kept.raw.web_events order by message_id limit 3)
        """)
        yield connection


def test_while_customers_are_built(delivered: duckdb.DuckDBPyConnection, models: CompiledModels) -> None:
    before = _content(delivered)
    done = update(delivered, models.plan, _clock(delivered), tested=False, log=lambda _: _exhaust(delivered))
    assert done.closure.full == "the slice does not fit into the memory limit"
    assert _content(delivered) == before


def test_while_it_is_merged(
    delivered: duckdb.DuckDBPyConnection, models: CompiledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _content(delivered)

    def merged_with_the_last_memory(*arguments: Any) -> dict[str, int]:
        rows = merge(*arguments)
        _exhaust(delivered)
        return rows

    monkeypatch.setattr("slices.run.merge", merged_with_the_last_memory)
    done = update(delivered, models.plan, _clock(delivered), tested=False)
    assert done.closure.full == "the slice does not fit into the memory limit"
    assert _content(delivered) == before


def _exhaust(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave no more memory than is in use; DuckDB refuses a limit below that."""
    # Of its own: a refused statement would abort the connection's transaction.
    session = connection.cursor()
    for megabytes in range(1, 1_000):
        with suppress(duckdb.OutOfMemoryException):
            session.execute(f"set global memory_limit = '{megabytes}MB'")
            return


def _clock(connection: duckdb.DuckDBPyConnection) -> Any:
    ((built_at,),) = connection.execute("select built_at from kept.slices.clock").fetchall()
    return built_at.replace(tzinfo=COMPILED_AT.tzinfo)


def _content(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return an order-independent checksum of each table of the warehouse."""
    connection.execute("reset memory_limit")
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'kept'"
    ).fetchall()
    return {
        table: connection.execute(f"select count(*), sum(hash(t)) from kept.{table} as t").fetchone()
        for (table,) in tables
    }
