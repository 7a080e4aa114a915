"""A condition of a segment that cannot be evaluated fails with the segment's name and the cause."""

import json
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import duckdb
import pytest

from tests.dbt.rendering import Engine


class Relation(str):
    """A table's name, as dbt hands it to macros."""

    is_cte = False


RELATIONS = [Relation("customers"), Relation("metrics")]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as connection:
        connection.execute("create table customers (customer_id varchar, kind varchar, household_id varchar)")
        connection.execute("create table metrics (customer_id varchar, purchases bigint)")
        yield connection


def conditions_of(connection: duckdb.DuckDBPyConnection, condition: str | None) -> str:
    """Return the result of the macro for a seed of one segment, `best`."""

    def run_query(sql: str) -> SimpleNamespace:
        return SimpleNamespace(rows=connection.execute(sql).fetchall())

    engine = Engine(
        "duckdb",
        SimpleNamespace(),
        quote=str,
        of_run={"run_query": run_query, "load_cached_relation": str, "fromjson": json.loads},
        replaced={"seed_rows": lambda seed, columns: [("best", condition)]},
    )
    return engine.call("segment_conditions", RELATIONS)


@pytest.mark.parametrize(
    "condition",
    [
        "purchases > 3",
        "kind = 'it''s select over now' and purchases between 1 and 2",
        "purchases is null or kind in ('a', 'b')",
        "purchases > 3 -- not many",
    ],
)
def test_a_condition_on_the_columns_of_a_customer_is_one(
    connection: duckdb.DuckDBPyConnection, condition: str
) -> None:
    assert conditions_of(connection, condition) == str([("best", condition)])


@pytest.mark.parametrize(
    ("condition", "cause"),
    [
        (None, "It has no condition"),
        ("  ", "It has no condition"),
        ("purchases >", "syntax error"),
        ("orders > 3", 'Referenced column "orders" not found'),
        ("purchases > kind", "Cannot compare values"),
        ("nearly(purchases, 3)", "Function with name nearly does not exist"),
        ("sum(purchases) > 3", "cannot contain aggregates"),
        ("purchases > (select 3)", "cannot contain a subquery"),
        ("rank() over (order by purchases) = 1", "cannot contain a subquery or a window function"),
        ("kind = 'now' and Current_Date > '2026-01-01'", "cannot contain current_date"),
        ("household_id is not null", "household_id depends on other customers"),
    ],
)
def test_any_other_condition_fails_with_the_segment_and_the_cause(
    connection: duckdb.DuckDBPyConnection, condition: str | None, cause: str
) -> None:
    with pytest.raises(ValueError, match=rf"The segment best \(seeds/segments.csv\) .*{cause}"):
        conditions_of(connection, condition)
