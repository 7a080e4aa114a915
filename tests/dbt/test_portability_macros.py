"""The results of the portability macros on DuckDB."""

from collections.abc import Iterator
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from tests.dbt.rendering import RUN_STARTED_AT, Engine

DBT_MACROS = SimpleNamespace(type_string=lambda: "varchar", type_timestamp=lambda: "timestamp")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine("duckdb", DBT_MACROS, quote=lambda name: f'"{name}"')


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as open_connection:
        open_connection.execute("set TimeZone = 'UTC'")
        yield open_connection


MIDNIGHT = "timestamp '2026-03-29 00:30:00'"

ANSWERS: list[tuple[str, tuple[Any, ...], Any]] = [
    ("to_utc", ("'2026-05-01 10:00:00+02:00'",), datetime(2026, 5, 1, 8)),
    ("text_to_utc", ("'2026-05-01T10:00:00.5+02:00'",), datetime(2026, 5, 1, 8, 0, 0, 500_000)),
    ("text_to_utc", ("'yesterday'",), None),
    ("local_timestamp", (MIDNIGHT, "'Europe/London'"), datetime(2026, 3, 29, 0, 30)),
    ("local_timestamp", ("timestamp '2026-03-29 01:30:00'", "'Europe/London'"), datetime(2026, 3, 29, 2, 30)),
    ("local_date", ("timestamp '2026-03-04 20:00:00'", "'Asia/Kolkata'"), date(2026, 3, 5)),
    ("seconds_between", (MIDNIGHT, "timestamp '2026-03-29 00:30:01.25'"), 1.25),
    ("minutes_between", (MIDNIGHT, "timestamp '2026-03-29 00:29:30'"), -0.5),
    ("days_between", (MIDNIGHT, "timestamp '2026-03-30 12:30:00'"), 1.5),
    ("add_seconds", (MIDNIGHT, -1800), datetime(2026, 3, 29, 0, 0)),
    ("add_days", (MIDNIGHT, "1 + 2"), datetime(2026, 4, 1, 0, 30)),
    ("iso_weekday", ("date '2026-03-29'",), 7),
    ("run_at", (), RUN_STARTED_AT.replace(tzinfo=None)),
    ("clean_text", ("' \t a b \n'",), "a b"),
    ("clean_text", ("'clean'",), "clean"),
    ("clean_text", ("'\u00e9t\u00e9 '",), "\u00e9t\u00e9"),
    ("clean_text", ("''",), None),
    ("clean_text", ("' \t'",), None),
    ("clean_text", ("cast(null as varchar)",), None),
    ("first_text", (["null", "' '", "' b'", "'c'"],), "b"),
    ("regexp_matches", ("'CheckoutKiosk/1.2'", "'bot[/ ]'"), False),
    ("regexp_extract", ("'order_id:o-1'", "'^([a-z_]+):(.+)$'", 2), "o-1"),
    ("regexp_extract", ("'nothing'", "'(x)'"), None),
    ("regexp_replace", ("'a-b-c'", "'-'", "''"), "abc"),
    ("url_host", ("'https://ann:pw@Shop.Example:8443/a?b#c'",), "shop.example"),
    ("url_host", ("'android-app://com.google.android.gm/'",), "com.google.android.gm"),
    ("url_host", ("'/just/a/path'",), None),
    ("try_cast", ("'1.5'", "decimal(18, 4)"), 1.5),
    ("try_cast", ("'much'", "decimal(18, 4)"), None),
    ("safe_divide", ("1", "4"), 0.25),
    # As printed both are halves; as doubles the first is below one.
    ("rounded", ("cast(36.05385 as double)", 4), 36.0538),
    ("rounded", ("cast(532.5 as double)", 0), 533.0),
    ("rounded", ("cast(-0.25 as double)", 1), -0.3),
    ("rounded", ("cast(36.05385 as double) - 36", 4), 0.0538),
    ("rounded", ("cast(null as double)", 4), None),
    ("safe_divide", ("1", "0"), None),
    ("json_fields", ("""'{"a": {"b": 1}, "c": [2], "d": "x"}'""", {"a": {"b": None}, "c": None, "e": None}),
     {"a": {"b": "1"}, "c": "[2]", "e": None}),
]  # fmt: skip


@pytest.mark.parametrize(("macro", "arguments", "answer"), ANSWERS)
def test_a_macro_answers(
    macro: str, arguments: tuple[Any, ...], answer: Any, engine: Engine, connection: duckdb.DuckDBPyConnection
) -> None:
    sql = engine.call(macro, *arguments)
    assert only_value(connection, f"select {sql}") == answer


def test_two_lists_of_values_have_one_hash_only_where_they_are_equal(
    engine: Engine, connection: duckdb.DuckDBPyConnection
) -> None:
    lists = [["'a'", "'b'"], ["'ab'", "''"], ["'a'", "null"], ["'a'", "''"], ["null", "'a'"], ["'a='", "'b'"]]
    hashes = {only_value(connection, f"select {engine.call('hash_text', values)}") for values in lists}
    assert len(hashes) == len(lists)
    assert {len(value) for value in hashes} == {32}


def test_texts_are_joined_in_order(engine: Engine, connection: duckdb.DuckDBPyConnection) -> None:
    joined = engine.call("string_list_agg", "channel", "step", "' > '")
    rows = "(values (2, 'store'), (1, 'web'), (3, null)) as steps (step, channel)"
    assert only_value(connection, f"select {joined} from {rows}") == "web > store"


def test_the_median_is_interpolated(engine: Engine, connection: duckdb.DuckDBPyConnection) -> None:
    median = engine.call("percentile", "value", 0.5)
    assert only_value(connection, f"select {median} from (values (1), (2), (10), (20)) as v (value)") == 6
    assert only_value(connection, f"select {median} from (values (24.7), (24.8)) as v (value)") == 24.75


def test_an_array_gives_a_row_for_each_element_and_anything_else_none(
    engine: Engine, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("create or replace temp table carts (cart_id integer, products varchar)")
    connection.execute("""
        insert into carts values
            (1, '[{"product_id": "a"}, {"product_id": 7, "price": 2.5}]'),
            (2, '[]'),
            (3, '{"product_id": "b"}'),
            (4, null)
    """)
    rows = engine.call(
        "json_array_rows", "carts", "products", {"product_id": None, "price": None}, ["cart_id"]
    )
    assert connection.execute(f"{rows} order by cart_id, element_number").fetchall() == [
        (1, 1, {"product_id": "a", "price": None}),
        (1, 2, {"product_id": "7", "price": "2.5"}),
    ]


def test_a_clock_without_an_offset_is_refused() -> None:
    engine = Engine("duckdb", DBT_MACROS, quote=str, environment={"RUN_AT": "2026-01-31T06:00:00"})
    with pytest.raises(ValueError, match="RUN_AT has no offset from UTC"):
        engine.call("run_at")


def test_the_clock_of_the_run_is_in_utc() -> None:
    engine = Engine("duckdb", DBT_MACROS, quote=str, environment={"RUN_AT": "2026-01-31T06:00:00+02:00"})
    assert engine.call("run_at") == "cast('2026-01-31 04:00:00.000000' as timestamp)"


def only_value(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]
