"""The small demo, run as in the README, and again."""

import subprocess
from contextlib import closing

import pytest

from tests.end_to_end.workplace import PEOPLE, REPOSITORY, State, reader, state_after

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
