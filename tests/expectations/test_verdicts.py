"""Results of suites on good, bad and missing data."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from expectations import validate
from expectations.dialect import read_only_url
from tests.expectations.conftest import delivery, event

Warehouse = Callable[..., Path]


def test_good_data_passes_and_says_how_much_was_looked_at(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.web_events", warehouse_with(event("m1"), event("m2", "track", "Product Viewed")))
    assert verdict.passed
    assert verdict.severity is None
    assert verdict.rows == 2
    assert verdict.statistics["held"] == verdict.statistics["expectations"] > 10
    assert verdict.summary.startswith("All ")


def test_an_empty_table_of_a_source_that_is_not_configured_passes(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.web_events", warehouse_with())
    assert (verdict.passed, verdict.rows) == (True, 0)


def test_a_missing_table_is_critical_and_named(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.app_events", warehouse_with())
    assert (verdict.passed, verdict.severity) == (False, "critical")
    assert "there is no table raw.app_events" in verdict.summary


def test_a_table_that_lacks_a_column_is_critical_and_says_which(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.web_events", warehouse_with("alter table raw.web_events drop column record_hash"))
    assert verdict.severity == "critical"
    assert "record_hash" in verdict.summary


def test_repeated_and_missing_keys_are_critical_with_counts_and_keys(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.web_events", warehouse_with(event("m1"), event("m1"), event(None)))
    assert (verdict.passed, verdict.severity) == (False, "critical")
    failures = {finding.expectation: finding for finding in verdict.failures}
    assert failures["message_id is unique"].unexpected == 2
    assert failures["message_id is unique"].examples == ({"message_id": "m1"}, {"message_id": "m1"})
    assert failures["message_id is never missing"].unexpected == 1


def test_an_odd_value_is_a_warning(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.web_events", warehouse_with(event("m1", "teleport")))
    assert (verdict.passed, verdict.severity) == (False, "warning")
    assert "type is one of identify" in verdict.summary
    assert "message_id m1" in verdict.summary


@pytest.mark.parametrize("contact", ["ana@shop.example", "ana%40shop.example", "+1 312-555-0143"])
def test_a_key_that_is_a_contact_is_not_quoted(warehouse_with: Warehouse, contact: str) -> None:
    verdict = validate("raw.web_events", warehouse_with(event(f"from {contact}", "teleport")))
    assert [finding.examples for finding in verdict.failures] == [({"message_id": "from …"},)]


def test_the_worst_failure_decides_and_comes_first(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.web_events", warehouse_with(event("m1", "teleport"), event(None)))
    assert verdict.severity == "critical"
    assert [finding.severity for finding in verdict.failures] == ["critical", "warning"]


def test_a_message_from_the_far_future_is_critical(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.web_events", warehouse_with(event("m1", at="2026-04-04T00:00:00Z")))
    assert [finding.unexpected for finding in verdict.failures] == [1]
    assert "48 hours" in verdict.summary


def test_a_verdict_is_json(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.web_events", warehouse_with(event("m1"), event("m1"), event(None, "teleport")))
    again = json.loads(json.dumps(verdict.to_json()))
    assert again["severity"] == "critical"
    assert len(again["findings"]) == again["statistics"]["expectations"]


def test_an_empty_ledger_is_only_worth_a_note(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.load_ledger", warehouse_with())
    assert (verdict.passed, verdict.severity) == (True, "info")
    assert verdict.summary == "info: there are rows: not so for 1 row"


def test_a_file_with_more_than_half_rejected_fails_and_is_named(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.load_ledger", warehouse_with(delivery("good", 5, 5), delivery("bad.jsonl", 4, 5)))
    assert (verdict.passed, verdict.severity) == (False, "critical")
    [failure] = verdict.failures
    assert failure.unexpected == 1
    assert "bad.jsonl" in failure.sentence


def test_a_bad_file_goes_on_failing_until_it_is_mended(warehouse_with: Warehouse) -> None:
    bad = delivery("a.jsonl", 1, 9, day=1)
    later = delivery("b.jsonl", 9, 0, day=2)
    assert not validate("raw.load_ledger", warehouse_with(bad, later)).passed


def test_a_bad_file_that_was_mended_passes(warehouse_with: Warehouse) -> None:
    bad = delivery("a.jsonl", 1, 9, day=1)
    mended = delivery("a.jsonl", 9, 0, day=2)
    assert validate("raw.load_ledger", warehouse_with(bad, mended)).passed


def test_two_loads_of_a_file_on_one_clock_are_distinguished_and_the_later_one_counts(
    warehouse_with: Warehouse,
) -> None:
    bad, mended = delivery("a.jsonl", 1, 9, load="load 1"), delivery("a.jsonl", 9, 0, load="load 2")
    assert validate("raw.load_ledger", warehouse_with(bad, mended)).passed


def test_one_load_that_accounts_twice_for_a_file_is_critical(warehouse_with: Warehouse) -> None:
    verdict = validate(
        "raw.load_ledger", warehouse_with(delivery("a.jsonl", 9, 0), delivery("a.jsonl", 9, 0))
    )
    assert (verdict.passed, verdict.severity) == (False, "critical")


def test_half_a_page_rejected_is_a_warning_for_tables_and_pages(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.load_ledger", warehouse_with(delivery("members", 0, 1, source="store")))
    assert (verdict.passed, verdict.severity) == (False, "warning")


def test_a_record_that_is_not_accounted_for_is_critical(warehouse_with: Warehouse) -> None:
    verdict = validate("raw.load_ledger", warehouse_with(delivery("a.jsonl", 4, 1, read=6)))
    assert verdict.severity == "critical"
    assert "every record read is loaded, a duplicate or rejected" in verdict.summary


def test_the_warehouse_is_free_for_a_writer_afterwards(warehouse_with: Warehouse) -> None:
    warehouse = warehouse_with(event("m1"), event("m1"))
    validate("raw.web_events", warehouse)
    write = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table written as select 1')"
    subprocess.run([sys.executable, "-c", write, str(warehouse)], check=True, capture_output=True)


def test_validating_changes_nothing(warehouse_with: Warehouse) -> None:
    warehouse = warehouse_with(event("m1"), event(None))
    before = warehouse.read_bytes()
    validate("raw.web_events", warehouse)
    assert warehouse.read_bytes() == before


def test_reading_the_suites_does_not_import_great_expectations_or_dagster() -> None:
    script = (
        "import sys, expectations; expectations.all_suites();"
        "assert not {'great_expectations', 'dagster'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


def health(run: int, people: int, merged: int, largest: int = 12) -> str:
    """Write SQL that inserts a run's row of identity health."""
    values = [run, "now()", people, 0, 1, 0, 0, largest, merged, merged / (people + merged)]
    return f"insert into marts.mart_identity_health values ({', '.join(map(str, values))});"


HEALTH = """
create schema marts;
create table marts.mart_identity_health (
    run_number int, run_at timestamptz, people bigint, anonymous_customers bigint, records bigint,
    identified_share double, stitched_share double, largest_person_identifiers bigint,
    people_merged bigint, merged_share double
);
"""


@pytest.mark.parametrize(
    ("runs", "held_back_because"),
    [
        ([health(1, 2_000, 0), health(2, 2_000, 150)], None),
        ([health(1, 5, 0), health(2, 3, 2)], None),
        ([health(1, 2_000, 0), health(2, 1_500, 500)], "no run merges more than one person in ten"),
        ([health(1, 1_500, 500), health(2, 1_501, 0)], "no run merges more than one person in ten"),
        ([health(1, 2_000, 0, largest=101)], "nobody is made of more than 100 identifiers"),
        ([health(1, 2_000, 0, largest=101), health(2, 2_000, 0, largest=40)], None),
    ],
    ids=["few merge", "few people", "many merge", "many merged before", "one is huge", "one was huge"],
)
def test_a_run_that_merges_too_many_is_held_back(
    warehouse_with: Warehouse, runs: list[str], held_back_because: str | None
) -> None:
    verdict = validate("marts.mart_identity_health", warehouse_with(HEALTH, *runs))
    assert verdict.severity == ("critical" if held_back_because else None)
    assert held_back_because is None or held_back_because in verdict.summary


def test_judging_takes_no_more_memory_than_it_may(warehouse_with: Warehouse) -> None:
    engine = create_engine(read_only_url(warehouse_with(), "512MiB"))
    with engine.connect() as connection:
        limit: str = connection.exec_driver_sql("select current_setting('memory_limit')").scalar_one()
    engine.dispose()
    assert limit == "512.0 MiB"
