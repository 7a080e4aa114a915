"""Each published column has more than one value in the demo, so that visitors see its purpose."""

from contextlib import closing

import pytest

from tests.end_to_end.workplace import State, reader

TWO_RUNS = "the demo is two runs, and this is of one of them"
ONE_EVALUATION = "segments are evaluated by whole builds, and the demo has one"
ONE_SETTING = "follows a setting of the whole warehouse"
ONE_ROW = "the table has one row: this publication"
ONE_MODEL = "one model is fitted to all customers"
EXCEPTIONS = {
    "reporting_currency": ONE_SETTING,
    "mart_internal_traffic.is_left_out": ONE_SETTING,
    "publication": ONE_ROW,
    "restatements": "the demo is published once, and only later versions restate figures",
    "mart_customer_value.frequency_method": ONE_MODEL,
    "mart_customer_value.value_method": ONE_MODEL,
    "fct_segment_changes.change_number": ONE_EVALUATION,
    "fct_segment_changes.segment_change": ONE_EVALUATION,
    "fct_segment_changes.cause": ONE_EVALUATION,
    "fct_segment_changes.changed_at": ONE_EVALUATION,
    "fct_segment_membership.period_number": ONE_EVALUATION,
    "fct_segment_membership.entered_at": ONE_EVALUATION,
    "fct_segment_membership.entered_because": ONE_EVALUATION,
    "fct_segment_membership.left_at": ONE_EVALUATION,
    "fct_segment_membership.left_because": ONE_EVALUATION,
    "fct_segment_membership.is_current": ONE_EVALUATION,
    "mart_currency_coverage.rates_from": "the seed's rates of all currencies begin on one day",
    "mart_currency_coverage.newest_rate_from": "the seed's rates of all currencies are of one day",
    "mart_identity_health.people_with_over_10_identifiers": "counts what should not be, and is not in the demo",
    "customer_id_redirects.redirected_at": TWO_RUNS,
    "identity_history.valid_to": TWO_RUNS,
    "mart_late_arrivals.first_run_restated_at": TWO_RUNS,
}
COLUMNS = """
    select table_name, list(column_name order by column_index)
    from duckdb_columns() where database_name = 'published' group by all order by all
"""


@pytest.fixture(scope="module")
def constant(first: State) -> set[tuple[str, str]]:
    """Every published column with fewer than two values that are not null, with its table."""
    found = set()
    with closing(reader(first.place.marts)) as marts:
        for table, columns in marts.execute(COLUMNS).fetchall():
            counts = ", ".join(f'count(distinct "{column}")' for column in columns)
            values = marts.execute(f'select {counts} from published."{table}"').fetchall()[0]
            found |= {(table, name) for name, count in zip(columns, values, strict=True) if count < 2}
    return found


def _reasons(table: str, column: str) -> set[str]:
    return {table, column, f"{table}.{column}"} & EXCEPTIONS.keys()


def test_every_published_column_takes_more_than_one_value(constant: set[tuple[str, str]]) -> None:
    assert sorted(f"{table}.{column}" for table, column in constant if not _reasons(table, column)) == []


def test_every_exception_is_one(constant: set[tuple[str, str]]) -> None:
    needed = {name for table, column in constant for name in _reasons(table, column)}
    assert sorted(EXCEPTIONS.keys() - needed) == []


def test_most_visits_of_the_web_shop_buy_nothing(first: State) -> None:
    with closing(reader(first.place.marts)) as marts:
        share = marts.execute(
            "select avg((conversions > 0)::int) from published.fct_sessions where channel = 'web'"
        ).fetchall()[0][0]
    assert 0.02 <= share <= 0.04
