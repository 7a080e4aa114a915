"""Sessions inherit the settings of their connection."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from publishing.sessions import for_each
from publishing.writer import connect_to_new

REPOSITORY = Path(__file__).resolve().parents[2]
YEARS = """
import sys
from contextlib import closing
from pathlib import Path
from publishing.sessions import for_each
from publishing.writer import connect_to_new

with closing(connect_to_new(Path(":memory:"), Path(sys.argv[1]))) as connection:
    first_hour = "select date_trunc('year', timestamptz '2026-01-01 00:30:00+00')::varchar"
    print(for_each(connection, [first_hour], lambda session, query: session.execute(query).fetchall()))
"""


def test_instants_are_masked_in_utc_wherever_it_runs(warehouse: Path) -> None:
    """New York is still in the old year then."""
    done = subprocess.run(
        [sys.executable, "-c", YEARS, str(warehouse)],
        cwd=REPOSITORY,
        env={**os.environ, "TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[[('2026-01-01 00:00:00+00',)]]\n"


def test_results_come_in_the_order_of_the_items(warehouse: Path) -> None:
    def answer(session: duckdb.DuckDBPyConnection, number: int) -> list[tuple[int]]:
        return session.execute(f"select {number} from range({1_000_000 // number})").fetchmany(1)

    with closing(connect_to_new(Path(":memory:"), warehouse)) as connection:
        assert for_each(connection, range(1, 20), answer) == [[(number,)] for number in range(1, 20)]


def test_what_fails_is_raised_and_the_connection_goes_on(
    warehouse: Path, change: Callable[[str], None]
) -> None:
    with closing(connect_to_new(Path(":memory:"), warehouse)) as connection:
        with pytest.raises(duckdb.CatalogException, match="missing"):
            for_each(connection, ["fct_orders", "missing", "dim_customers"], _create)
        assert connection.execute("select 1").fetchall() == [(1,)]
    change("delete from marts.fct_orders")


def _create(session: duckdb.DuckDBPyConnection, table: str) -> None:
    session.execute(f"create table {table} as from warehouse.marts.{table}")


def test_a_session_takes_no_more_memory_than_it_may(warehouse: Path) -> None:
    with closing(connect_to_new(Path(":memory:"), warehouse, "512MiB")) as connection:
        limits = for_each(connection, ["memory_limit"], _setting)
    assert limits == ["512.0 MiB"]


def _setting(session: duckdb.DuckDBPyConnection, name: str) -> str:
    found = session.execute("select current_setting(?)", [name]).fetchone()
    return str(found[0]) if found else ""
