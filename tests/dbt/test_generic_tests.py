"""The project's generic tests fail exactly if they should."""

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
        ("unique_combination", "(1, null), (1, null), (null, 'x')", [(1, None, 2)]),
    ],
)
def test_a_generic_test_finds_what_it_is_for(
    engine: Engine, test: str, rows: str, failing: list[tuple[object, ...]]
) -> None:
    query = engine.call(
        f"test_{test}", model=f"(values {rows}) as given (number, word)", columns=["number", "word"]
    )
    assert sorted(duckdb.execute(query).fetchall(), key=str) == failing


def test_a_column_is_unique_as_dbt_says(engine: Engine) -> None:
    rows = "(values (1, 'x'), (1, 'y'), (2, 'x'), (null, 'z'), (null, 'z')) as given (number, word)"
    query = engine.call("default__test_unique", model=rows, column_name="number")
    assert duckdb.execute(query).fetchall() == [(1, 2)]


@pytest.mark.parametrize("test", ["one_row_per", "unique_combination"])
def test_other_values_with_the_same_hash_are_no_repetition(engine: Engine, test: str) -> None:
    rows = "(values (1, 'x'), (2, 'x'), (2, 'y'), (2, 'y')) as given (number, word)"
    query = engine.call(f"test_{test}", model=rows, columns=["number", "word"])
    alike = query.replace("hash(number, word)", "hash(0)")
    assert alike != query
    assert duckdb.execute(alike).fetchall() == [(2, "y", 2)]
