"""Records with extreme values are loaded or rejected, and the demo with them is published."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.end_to_end.planted_extremes import HUGE, LARGEST
from tests.end_to_end.workplace import State


@pytest.fixture
def marts(first: State) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(first.place.marts), read_only=True) as connection:
        yield connection


def test_large_orders_count_and_impossible_amounts_do_not(marts: duckdb.DuckDBPyConnection) -> None:
    orders = marts.execute(
        "select order_id, cast(gross_revenue as bigint) from fct_orders"
        " where starts_with(order_id, 'EXTREME') order by all"
    )
    assert orders.fetchall() == [
        ("EXTREME-1", LARGEST),
        ("EXTREME-2", HUGE),
        ("EXTREME-3", HUGE),
        ("EXTREME-4", None),
        ("EXTREME-5", 12_000_000_000),
        ("EXTREME-T", 9),
    ]


def test_sums_of_large_numbers_are_reported(marts: duckdb.DuckDBPyConnection) -> None:
    balances = "select cast(max(balance) as bigint) from fct_loyalty where entry_id like 'EXTREME-L%'"
    assert marts.execute(balances).fetchone() == (2 * HUGE,)


def test_spend_on_a_channel_that_nobody_knows_is_that_of_others(marts: duckdb.DuckDBPyConnection) -> None:
    spend = "select cast(spend as bigint) from mart_channel_performance where channel = 'other' and date = '2026-10-27'"
    assert marts.execute(spend).fetchone() == (-LARGEST,)


def test_an_answer_from_before_its_question_came_at_once(marts: duckdb.DuckDBPyConnection) -> None:
    reply = "select first_reply_minutes from fct_support_cases where case_id like '%7800001%'"
    assert marts.execute(reply).fetchall() == [(0.0,)]


def test_what_says_nothing_is_rejected_with_its_reason(first: State) -> None:
    with duckdb.connect(str(first.place.warehouse), read_only=True) as warehouse:
        rejected = warehouse.execute(
            "select table_name, reason, count(*) from raw.rejects where record like '%extreme%'"
            " or record like '%780000%' or table_name = 'store_transactions' group by all order by all"
        ).fetchall()
        kept = warehouse.execute(
            "select transaction_id, cast(total as bigint) from raw.store_transactions"
            " where starts_with(transaction_id, 'EXTREME')"
        ).fetchall()
    assert rejected == [
        ("marketing_ad_spend", "missing_value", 1),
        ("store_transactions", "missing_key", 1),
        ("support_satisfaction_ratings", "missing_value", 1),
        ("support_ticket_events", "missing_value", 1),
        # Go and .NET write a missing time as the first instant of the calendar.
        ("web_events", "missing_timestamp", 1),
    ]
    # Of keys that differ in blanks alone the one read later counts.
    assert kept == [("EXTREME-T", 10)]
