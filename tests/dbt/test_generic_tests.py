"""The project's own generic tests fail where they should, and only there."""

from types import SimpleNamespace

import duckdb
import pytest

from tests.dbt.rendering import Engine


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine("duckdb", SimpleNamespace(type_bigint=lambda: "bigint"), quote=lambda name: f'"{name}"')


@pytest.mark.parametrize(
    ("test", "rows", "failing"),
    [
        ("never_null", "(1, 'x'), (2, 'y')", []),
        ("never_null", "(1, null), (2, null), (null, 'x')", [("number", 1), ("word", 2)]),
        ("one_row_per", "(1, 'x'), (1, 'y')", []),
        ("one_row_per", "(1, 'x'), (1, 'x'), (2, null)", [(1, "x", 2), (2, None, 1)]),
        ("unique_combination", "(1, 'x'), (1, 'y'), (2, null)", []),
        ("unique_combination", "(1, 'x'), (1, 'x')", [(1, "x", 2)]),
    ],
)
def test_a_generic_test_finds_what_it_is_for(
    engine: Engine, test: str, rows: str, failing: list[tuple[object, ...]]
) -> None:
    query = engine.call(
        f"test_{test}", model=f"(values {rows}) as given (number, word)", columns=["number", "word"]
    )
    assert sorted(duckdb.execute(query).fetchall(), key=str) == failing
