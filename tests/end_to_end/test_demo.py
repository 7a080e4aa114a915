"""The small demo, run as in the README, again, and then with common faults."""

import sqlite3
import subprocess
from contextlib import closing

import pytest

from tests.end_to_end.workplace import (
    PEOPLE,
    REFRESH,
    REPOSITORY,
    State,
    deliver_spend,
    reader,
    state_after,
    support_desk,
)

MORE_SPEND = "2026-10-01,paid,late_invoice,USD,10,1,1\n"
# Whether every mart has something to say about the demo's people. Nothing was published before that could be restated.
SILENT_MARTS = (
    "select table_name from duckdb_tables() where database_name = 'published' and estimated_size = 0"
    " and table_name <> 'restatements'"
)


@pytest.fixture(scope="module")
def again(first: State) -> State:
    run = first.place.run("-m", "orchestration.demo", "--people", str(PEOPLE))
    assert run.status == 0, run.output
    return state_after(first.place, run)


@pytest.fixture(scope="module")
def with_broken_sources(again: State) -> State:
    """More ad spend, but a changed password, a missing table and a file that cannot be opened."""
    place = again.place
    deliver_spend(place, "more.csv", MORE_SPEND)
    (place.data / "landing" / "app" / "elsewhere.jsonl").symlink_to(place.data / "never_mounted.jsonl")
    with closing(sqlite3.connect(place.data / "store.db")) as store:
        store.execute("drop table store_visits")
        store.commit()
    with support_desk(place, token="yesterday's") as settings, closing(reader(place.marts)) as bi:
        before = bi.execute("select count(*) from published.fct_touchpoints").fetchone()
        run = place.run(*REFRESH, **settings)
        assert bi.execute("select count(*) from published.fct_touchpoints").fetchone() == before
    return state_after(place, run)


def test_the_command_of_the_readme_is_the_one_that_these_tests_run() -> None:
    make = ["make", "--dry-run", "--no-print-directory", "demo", f"PEOPLE={PEOPLE}"]
    shown = subprocess.run(make, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert 'python -m orchestration.demo --people "$PEOPLE"' in shown.stdout


def test_the_demo_says_what_it_did(first: State) -> None:
    shown = (
        "1,000 simulated people",
        "rejected",
        "intermediate",
        "Checks:",
        "Published: version",
        "marts.duckdb",
    )
    assert [text for text in shown if text not in first.run.output] == []


def test_every_mart_has_rows(first: State) -> None:
    with closing(reader(first.place.marts)) as marts:
        silent = marts.execute(SILENT_MARTS).fetchall()
        people = marts.execute("select count(*) from published.dim_customers where is_identified").fetchone()
    assert silent == []
    assert people is not None
    assert people[0] >= PEOPLE / 2


def test_the_mess_of_the_demo_is_accounted_for(first: State) -> None:
    assert first.totals.loaded > 0
    assert first.totals.duplicate > 0
    assert first.totals.rejected > 0


def test_the_same_demo_again_loads_nothing_and_changes_nothing(first: State, again: State) -> None:
    assert "nothing has changed" in again.run.output
    assert again.totals == first.totals
    assert again.marts == first.marts


@pytest.mark.slow  # tests/ingestion breaks each source, tests/orchestration/test_refresh.py a run, in every run
def test_broken_sources_are_named_with_their_cause(with_broken_sources: State) -> None:
    output = with_broken_sources.run.output
    assert with_broken_sources.run.status != 0, "a run with a broken source must not look like a good one"
    assert "refuses the credentials (401); SOURCES__SUPPORT__EMAIL and SOURCES__SUPPORT__API_TOKEN" in output
    assert "The database has no table store_visits" in output
    assert "elsewhere.jsonl: [Errno 2] No such file or directory" in output


@pytest.mark.slow
def test_what_the_other_sources_brought_is_published(again: State, with_broken_sources: State) -> None:
    assert with_broken_sources.totals.loaded > again.totals.loaded
    assert with_broken_sources.marts != again.marts
    with closing(reader(with_broken_sources.place.marts)) as marts:
        complete, sources = marts.execute(
            "select is_complete, sources from published.publication"
        ).fetchall()[0]
    assert complete is False
    assert sources == {
        "web": "loaded",
        "app": "failed",
        "marketing": "loaded",
        "store": "loaded",
        "support": "failed",
    }
