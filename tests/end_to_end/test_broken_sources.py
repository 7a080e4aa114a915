"""A refresh after the demo with a changed password, a missing table and a file that cannot be opened."""

import sqlite3
from contextlib import closing

import pytest

from tests.end_to_end.workplace import (
    REFRESH,
    State,
    Workplace,
    deliver_spend,
    reader,
    state_after,
    support_desk,
)

# tests/ingestion breaks each source, tests/orchestration/test_refresh.py a run, in every run.
pytestmark = pytest.mark.slow
MORE_SPEND = "2026-10-01,paid,late_invoice,USD,10,1,1\n"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> State:
    place = Workplace.made_in(tmp_path_factory.mktemp("broken_sources"))
    run = place.run("-m", "orchestration.demo", "--people", "30")
    assert run.status == 0, run.output
    return state_after(place, run)


@pytest.fixture(scope="module")
def with_broken_sources(before: State) -> State:
    place = before.place
    deliver_spend(place, "more.csv", MORE_SPEND)
    (place.data / "landing" / "app" / "elsewhere.jsonl").symlink_to(place.data / "never_mounted.jsonl")
    with closing(sqlite3.connect(place.data / "store.db")) as store:
        store.execute("drop table store_visits")
        store.commit()
    with support_desk(place, token="yesterday's") as settings, closing(reader(place.marts)) as bi:
        touchpoints = bi.execute("select count(*) from published.fct_touchpoints").fetchone()
        run = place.run(*REFRESH, **settings)
        assert bi.execute("select count(*) from published.fct_touchpoints").fetchone() == touchpoints
    return state_after(place, run)


def test_broken_sources_are_named_with_their_cause(with_broken_sources: State) -> None:
    output = with_broken_sources.run.output
    assert with_broken_sources.run.status != 0, "a run with a broken source must not look like a good one"
    assert "refuses the credentials (401); SOURCES__SUPPORT__EMAIL and SOURCES__SUPPORT__API_TOKEN" in output
    assert (
        "cannot read table store_visits: the database no longer has it, though it was loaded before" in output
    )
    assert "elsewhere.jsonl: [Errno 2] No such file or directory" in output


def test_what_the_other_sources_brought_is_published(before: State, with_broken_sources: State) -> None:
    assert with_broken_sources.totals.loaded > before.totals.loaded
    assert with_broken_sources.marts != before.marts
    with closing(reader(with_broken_sources.place.marts)) as marts:
        complete, sources = marts.execute(
            "select is_complete, sources from published.publication"
        ).fetchall()[0]
    assert complete is False
    assert sources == {
        "web": "loaded",
        "app": "failed",
        "marketing": "loaded",
        "store": "failed",
        "support": "failed",
    }
