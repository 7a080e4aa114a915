"""Metrics answer from the published file, with the figures of plain SQL."""

from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest

import metrics
from tests.end_to_end.plain_metrics import METRICS, computed, groupings_of
from tests.end_to_end.workplace import State


@pytest.fixture(scope="module")
def marts(first: State) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{first.place.marts}' as marts (read_only)")
        connection.execute("use marts")
        yield connection


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_is_what_plain_sql_says(metric: str, first: State, marts: duckdb.DuckDBPyConnection) -> None:
    groupings = groupings_of(metric)
    assert len(groupings) >= 3
    for grouping in groupings:
        rows = metrics.query([metric], group_by=[grouping], marts=first.place.marts)
        answer = {row[grouping]: None if row[metric] is None else float(row[metric]) for row in rows}
        assert len(answer) == len(rows)
        expected = computed(marts, metric, grouping)
        assert any(value is not None for value in expected.values())
        for key in expected.keys() | answer.keys():
            assert answer.get(key) == pytest.approx(expected.get(key), rel=1e-9), (metric, grouping, key)


def test_every_metric_is_compared_and_explained(first: State) -> None:
    defined = metrics.definitions()
    assert set(defined) == set(METRICS)
    assert all(metric.label != name and len(metric.description) > 30 for name, metric in defined.items())


def test_the_command_line_answers_from_the_file_that_is_published(first: State) -> None:
    asked = "--metrics orders --group-by channel --order-by -orders"
    ended = first.place.run("-m", "metrics", QUERY=asked)
    assert ended.status == 0, ended.output
    lines = ended.output.splitlines()
    rows = metrics.query(["orders"], group_by=["channel"], order_by=["-orders"], marts=first.place.marts)
    assert [line.split() for line in lines[2:]] == [[row["channel"], str(row["orders"])] for row in rows]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("--metrics ordres", "orders"),
        ("--metrics orders --group-by chanel", "channel"),
        (
            "--metrics orders --where \"{{ Dimension('order__banner') }} = nothing_like_it\"",
            "nothing_like_it",
        ),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(asked: str, said: str, first: State) -> None:
    ended = first.place.run("-m", "metrics", QUERY=asked)
    assert ended.status == 1
    assert said in ended.output
    assert "Traceback" not in ended.output
