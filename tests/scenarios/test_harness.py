"""The harness itself: it reads stories as written, and can fail."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.scenarios.expected_failures import NOT_YET
from tests.scenarios.raw_inputs import deliveries, write_delivery
from tests.scenarios.story import OWN_STORIES, Story, load_story, story_files
from tests.scenarios.verdict import Marts, check, same

STORY = """
story: A short one.
now: 2026-05-20T00:00:00Z
deliveries: [[1], [0, 0]]
web:
  - {type: page, anonymousId: b-1, timestamp: 2026-05-01T10:00:00Z}
  - {messageId: own, type: track, event: Product Viewed, timestamp: 2026-05-01T10:02:00+02:00, properties: {price: 3.80, currency: GBP}}
store:
  transactions: [{transaction_id: T1, location_id: L1, kind: sale, total: 24.99, occurred_at: 2026-03-05T12:00:00Z}]
  transaction_lines: [{transaction_id: T1, line_number: 1, quantity: 1}]
expect: []
"""  # noqa: E501 - a story's record stands on one line


@pytest.fixture
def example(tmp_path: Path) -> Story:
    (tmp_path / "short.yml").write_text(STORY, encoding="utf-8")
    return load_story(tmp_path / "short.yml")


@pytest.fixture
def marts(tmp_path: Path) -> Iterator[Marts]:
    published, warehouse = tmp_path / "marts.duckdb", tmp_path / "warehouse.duckdb"
    with duckdb.connect() as database:
        database.execute(f"attach '{published}' as published")
        database.execute("""
            create table published.fct_orders as from (values
                ('o-1', 'c-1', 120::decimal(18, 4), 0.3333::double, true, date '2026-05-01'),
                ('o-2', 'c-2', 24.99::decimal(18, 4), null, false, date '2026-05-02')
            ) as t (order_id, customer_id, revenue, rate, is_paid, local_date)""")
        database.execute(f"attach '{warehouse}' as warehouse")
        database.execute("create schema warehouse.marts")
        database.execute("""
            create table warehouse.marts.identity_map as from (values
                ('user_id', 'u-1', 'c-1'), ('email', 'a@example.org', 'c-1'),
                ('social', 'instagram:@a', 'c-1'), ('user_id', 'u-2', 'c-2')
            ) as t (identifier_type, identifier_value, customer_id)""")
    with Marts(published, warehouse) as opened:
        yield opened


def test_a_story_is_read_as_it_is_written(example: Story) -> None:
    assert example.now == "2026-05-20T00:00:00Z"
    assert example.web[1]["timestamp"] == "2026-05-01T10:02:00+02:00"
    assert example.store["transactions"][0]["total"] == Decimal("24.99")
    assert example.reporting_currency == "GBP"


def test_a_story_with_a_key_nobody_reads_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_text("story: x\nnow: y\nexpect: []\nwebb: []\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.yml.*webb"):
        load_story(tmp_path / "odd.yml")


def test_deliveries_land_one_file_a_run_and_the_rest_with_the_first(example: Story, tmp_path: Path) -> None:
    for number in range(len(deliveries(example))):
        write_delivery(example, number, tmp_path / "inputs")
    first, second = sorted((tmp_path / "inputs" / "web").iterdir())
    assert '"messageId": "own"' in first.read_text(encoding="utf-8")
    assert second.read_text(encoding="utf-8").count('"messageId": "short-web-0"') == 2
    assert (tmp_path / "inputs" / "store.db").exists()


def test_the_folder_of_stories_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chosen.yaml").write_text("", encoding="utf-8")
    monkeypatch.setenv("SCENARIOS_DIR", str(tmp_path))
    assert [file.name for file in story_files()] == ["chosen.yaml"]
    monkeypatch.setenv("SCENARIOS_DIR", str(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError, match="absent"):
        story_files()


HOLDS: list[dict[str, Any]] = [
    {"same_customer": ["user_id:u-1", "email:a@example.org", "social:instagram:@a"]},
    {"different_customers": ["user_id:u-1", "user_id:u-2"]},
    {"model": "fct_orders", "where": {"customer": "user_id:u-1"}, "count": 1, "row": {"revenue": 120}},
    {"model": "fct_orders", "where": {"rate": None}, "row": {"order_id": "o-2", "customer": "user_id:u-2"}},
    {"model": "fct_orders", "where": {"is_paid": True}, "row": {"rate": Decimal("0.333")}},
    {
        "model": "fct_orders",
        "order_by": "revenue",
        "rows": [{"order_id": "o-2"}, {"local_date": "2026-05-01"}],
    },
    {"model": "fct_orders", "where": {"order_id": "o-9"}, "count": 0},
]
DOES_NOT_HOLD: list[tuple[dict[str, Any], str]] = [
    ({"same_customer": ["user_id:u-1", "user_id:u-2"]}, "user_id:u-2 -> c-2"),
    ({"same_customer": ["user_id:u-9", "user_id:u-9"]}, "user_id:u-9 -> nobody"),
    ({"different_customers": ["user_id:u-1", "email:a@example.org"]}, "email:a@example.org -> c-1"),
    ({"model": "fct_orders", "count": 3}, "expected 3 rows, found 2"),
    ({"model": "fct_orders", "row": {"revenue": 120}}, "expected 1 rows, found 2"),
    (
        {"model": "fct_orders", "where": {"order_id": "o-1"}, "row": {"revenue": 121}},
        "revenue expected 121, found 120",
    ),
    (
        {"model": "fct_orders", "where": {"order_id": "o-1"}, "row": {"is_paid": False}},
        "is_paid expected False",
    ),
    ({"model": "fct_orders", "where": {"order_id": "o-1"}, "row": {"rate": Decimal("0.334")}}, "0.334"),
    ({"model": "fct_orders", "where": {"order_id": "o-1"}, "row": {"colour": "red"}}, "no column colour"),
    ({"model": "fct_orders", "where": {"colour": "red"}, "count": 0}, "no column colour"),
    (
        {"model": "fct_orders", "where": {"customer": "user_id:u-9"}, "count": 0},
        "nobody is known by user_id:u-9",
    ),
    ({"model": "fct_nothing", "count": 0}, "no model fct_nothing"),
    ({"model": "fct_orders", "rows": [{}, {}]}, "order_by"),
]


@pytest.mark.parametrize("expected", HOLDS, ids=str)
def test_what_the_marts_say_is_accepted(example: Story, marts: Marts, expected: dict[str, Any]) -> None:
    example.expect.append(expected)
    check(example, marts)


@pytest.mark.parametrize(("expected", "message"), DOES_NOT_HOLD, ids=str)
def test_what_the_marts_do_not_say_is_refused_with_what_they_say(
    example: Story, marts: Marts, expected: dict[str, Any], message: str
) -> None:
    example.expect.append(expected)
    with pytest.raises(AssertionError) as refusal:
        check(example, marts)
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("expected", "actual", "holds"),
    [
        (Decimal("48.6"), 48.5833333, True),
        (Decimal("48.6"), 48.66, False),
        (1, Decimal("1.4"), False),
        (1, True, False),
        (None, float("nan"), True),
        (None, 0, False),
        ("2026-05-01", date(2026, 5, 1), True),
        ("2026-05-01T10:00:00Z", datetime(2026, 5, 1, 10), True),
        ("2026-05-01T10:00:00+02:00", datetime(2026, 5, 1, 10), False),
        ("24.99", Decimal("24.99"), True),
        (Decimal("24.99"), "24.99", False),
    ],
    ids=str,
)
def test_cells_are_compared_by_value(expected: Any, actual: Any, holds: bool) -> None:
    assert same(expected, actual) is holds


def test_the_expected_failures_are_stories_that_exist() -> None:
    names = {file.stem for file in story_files()} | {file.stem for file in OWN_STORIES.glob("*.yml")}
    assert sorted(name for name in NOT_YET if name not in names) == []
