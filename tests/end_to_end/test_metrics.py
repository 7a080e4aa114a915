"""Metrics answer from the published file, with the figures of plain SQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

import metrics
from tests.end_to_end.plain_metrics import METRICS, computed, groupings_of
from tests.end_to_end.workplace import State

# Metrics that are constant in the demo.
VARIED = {
    "fct_touchpoints": "cast(hash(touchpoint_id) % 11 as integer) as nps",
    "fct_support_cases": "hash(case_id) % 90 / 2 as first_reply_business_minutes, hash(case_id) % 3 as reopened",
    "mart_channel_performance": "cast(hash(date, channel) % 50 as decimal(28, 4)) as exchange_revenue",
    "mart_completeness": "hash(source_system, location_id) % 3 = 0 as is_silent",
    "fct_segment_membership": "hash(customer_id) % 3 > 0 as is_current,"
    " case when hash(customer_id) % 3 = 0 then entered_at end as left_at",
    "mart_identity_health": "7::bigint as people_merged, 3::bigint as people_split",
}


@pytest.fixture(scope="module")
def varied(first: State, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's published file with figures in it that the demo does not have."""
    file = tmp_path_factory.mktemp("varied") / "marts.duckdb"
    with closing(duckdb.connect(file)) as connection:
        connection.execute(f"attach '{first.place.marts}' as demo (read_only)")
        for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            varied = f" replace ({VARIED[table]})" if table in VARIED else ""
            connection.execute(f"create table {table} as select *{varied} from demo.{table}")
    return file


@pytest.fixture(scope="module")
def marts(varied: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect(varied, read_only=True)) as connection:
        yield connection


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_is_what_plain_sql_says(metric: str, varied: Path, marts: duckdb.DuckDBPyConnection) -> None:
    groupings = groupings_of(metric)
    assert len(groupings) >= 3
    for grouping in groupings:
        rows = metrics.query([metric], group_by=[grouping], marts=varied)
        answer = {row[grouping]: row[metric] for row in rows}
        expected = computed(marts, metric, grouping)
        assert len(answer) == len(rows)
        assert any(expected.values()), f"the demo has nothing to compare {metric} with"
        for key in expected.keys() | answer.keys():
            assert same(answer.get(key), expected.get(key)), (
                grouping,
                key,
                answer.get(key),
                expected.get(key),
            )


def same(found: object, expected: float | None) -> bool:
    """Return whether both are the same number, or both are missing."""
    if found is None or expected is None:
        return found is expected
    return float(str(found)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_every_metric_is_compared_and_explained(first: State) -> None:
    defined = metrics.definitions()
    assert set(defined) == set(METRICS)
    assert all(metric.label and len(metric.description) > 15 for metric in defined.values())


def test_a_new_version_is_seen_at_once_and_by_all_threads(first: State, tmp_path: Path) -> None:
    file, later = tmp_path / "marts.duckdb", tmp_path / "later.duckdb"

    def write(path: Path, orders: int) -> None:
        with closing(duckdb.connect(path)) as connection:
            connection.execute(f"attach '{first.place.marts}' as demo (read_only)")
            connection.execute(f"create table fct_orders as from demo.fct_orders order by 1 limit {orders}")

    def placed(_: int) -> int:
        return int(metrics.query(["ordering_customers", "orders"], marts=file)[0]["orders"])

    write(file, 1)
    write(later, 20)
    before = placed(0)
    later.replace(file)
    with ThreadPoolExecutor(8) as pool:
        after = set(pool.map(placed, range(40)))
    assert before <= 1
    assert len(after) == 1
    assert after.pop() > 1


def test_filters_order_limit_and_time(first: State) -> None:
    marts = first.place.marts
    channels = metrics.query(["orders"], group_by=["channel"], order_by=["-orders"], limit=2, marts=marts)
    assert len(channels) == 2
    assert channels[0]["orders"] >= channels[1]["orders"] > 0
    top = channels[0]["channel"]
    only = metrics.frame(["orders", "revenue"], where=[f"{{{{ Entity('channel') }}}} = '{top}'"], marts=marts)
    assert only["orders"].tolist() == [channels[0]["orders"]]
    by_month = metrics.query(
        ["orders"], group_by=["metric_time__month"], order_by=["metric_time__month"], marts=marts
    )
    month = by_month[1]["metric_time__month"]
    after = metrics.query(["orders"], start=month, marts=marts)
    assert after[0]["orders"] == sum(row["orders"] for row in by_month[1:])


def test_the_command_line_answers_from_the_file_that_is_published(first: State) -> None:
    asked = "--metrics orders --group-by channel --order-by -orders,channel"
    ended = first.place.run("-m", "metrics", QUERY=asked)
    assert ended.status == 0, ended.output
    rows = metrics.query(
        ["orders"], group_by=["channel"], order_by=["-orders", "channel"], marts=first.place.marts
    )
    printed = [line.split() for line in ended.output.splitlines()[2:]]
    assert printed == [[row["channel"], str(row["orders"])] for row in rows]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("--metrics ordres", 1, "orders"),
        ("--metrics orders --group-by chanel", 1, "channel"),
        (
            "--metrics orders --where \"{{ Dimension('order__banner') }} = nothing_like_it\"",
            1,
            "nothing_like_it",
        ),
        ("--metrics orders --where \"{{ Dimension('order__banner') }} = 1\"", 1, "harbor"),
        ("--metrics orders --limit few", 2, "few"),
        ("--metrics 'orders", 2, "No closing quotation"),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(asked: str, status: int, said: str, first: State) -> None:
    ended = first.place.run("-m", "metrics", QUERY=asked)
    assert ended.status == status
    assert said in ended.output
    assert "Traceback" not in ended.output
