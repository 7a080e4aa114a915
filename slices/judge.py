"""Runs dbt's data tests as plain statements: on the slice, and on the warehouse for models of everybody."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import duckdb

from slices.plan import Plan, Test
from slices.sessions import work_in_order
from slices.sql import count


@dataclass(frozen=True)
class Verdict:
    """The result of a test: the number of failing rows, and whether that is an error."""

    test: Test
    failures: int

    @property
    def is_error(self) -> bool:
        """Whether the run must stop."""
        return self.failures > 0 and not self.test.is_warning


class TestsFailedError(RuntimeError):
    """Some tests failed; the message names them and says what became of the warehouse."""

    def __init__(self, verdicts: Iterable[Verdict], outcome: str = "Nothing was changed.") -> None:
        self.verdicts = list(verdicts)
        failed = [
            f"{verdict.test.name} ({verdict.failures:,})" for verdict in self.verdicts if verdict.is_error
        ]
        super().__init__(f"Tests failed, with so many rows: {', '.join(failed)}. {outcome}")


def of_slice(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[Test]:
    """Return the tests whose tables are all in the slice."""
    there = _tables(connection, plan.database)
    return [test for test in plan.tests if there.issuperset(test.parents) and not test.needs_all_rows]


def of_warehouse(connection: duckdb.DuckDBPyConnection, plan: Plan) -> list[Test]:
    """Return the tests that need the whole warehouse: models of everybody, keys and references of marts.

    All other tests run in full builds only.
    """
    here, there = _tables(connection, plan.database), _tables(connection, "kept")
    return [
        test
        for test in plan.tests
        if there.issuperset(test.parents) and (test.needs_all_rows or not here.issuperset(test.parents))
    ]


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    found = connection.execute("select table_name from duckdb_tables() where database_name = ?", [database])
    return {name for (name,) in found.fetchall()}


def judge(connection: duckdb.DuckDBPyConnection, tests: Collection[Test]) -> list[Verdict]:
    """Run the tests on the database that their statements name."""
    return [_verdict(connection, test) for test in tests]


def judge_slice(connection: duckdb.DuckDBPyConnection, tests: Collection[Test]) -> list[Verdict]:
    """Run the tests as `judge` does, but several at a time; the connection must have no open transaction."""
    verdicts: dict[Test, Verdict] = {}

    def run(session: duckdb.DuckDBPyConnection, test: Test) -> None:
        verdicts[test] = _verdict(session, test)

    work_in_order(connection, dict.fromkeys(tests, ()), run)
    return [verdicts[test] for test in tests]


def _verdict(connection: duckdb.DuckDBPyConnection, test: Test) -> Verdict:
    return Verdict(test, count(connection, f"({test.code})"))
