"""Records older than their period are removed, and nothing else."""

from contextlib import closing
from datetime import UTC, datetime

import duckdb
import pytest

from rights.forgetting import forget
from rights.places import RightsError
from rights.retention import SEED, find_outdated
from tests.rights.conftest import Home

# At this time, events of the first five days of May 2026 are older than 13 months.
NOW = datetime(2027, 6, 5, 12, tzinfo=UTC)


def periods(home: Home, *rows: str) -> None:
    (home.places.dbt_project / "seeds").mkdir(exist_ok=True)
    lines = ["raw_table,records,keep_months,why", *rows]
    (home.places.dbt_project / SEED).write_text("\n".join(lines) + "\n")


def rows(home: Home, table: str) -> list[tuple[object, ...]]:
    with closing(duckdb.connect(str(home.places.warehouse), read_only=True)) as connection:
        return sorted(connection.execute(f"select * from raw.{table}").fetchall(), key=repr)


def test_tickets_go_with_what_hangs_on_them_and_nothing_else_does(home: Home) -> None:
    periods(home, "support_tickets,all,6,lapsed")
    events, users = rows(home, "web_events"), rows(home, "support_users")
    journal = find_outdated(home.places, NOW, "tests")
    assert journal.counts["support_tickets"] == {"removed": 3, "of 2026-06": 3}
    forget(home.places, journal, lambda _: None, home.build)
    assert rows(home, "support_tickets") == []
    assert rows(home, "support_ticket_events") == []
    assert (rows(home, "web_events"), rows(home, "support_users")) == (events, users)
    home.load()
    assert rows(home, "support_tickets") == []


def test_of_identified_people_nothing_goes_where_the_unidentified_are_meant(home: Home) -> None:
    periods(home, "web_events,unidentified,1,old")
    found = find_outdated(home.places, NOW, "tests").verdicts
    assert [text for _, text, _ in found] == ["stranger-Bread", "stranger-Jam"]
    periods(home, "web_events,all,13,old")
    outdated = {text for _, text, _ in find_outdated(home.places, NOW, "tests").verdicts}
    with closing(duckdb.connect(str(home.places.warehouse), read_only=True)) as connection:
        older = connection.execute(
            "select message_id from raw.web_events where timestamp < timestamptz '2026-05-05 12:00:00+00'"
        ).fetchall()
    assert outdated == {message for (message,) in older}
    assert len(outdated) > 10


def test_a_row_that_cannot_be_understood_is_named(home: Home) -> None:
    periods(home, "web_event,all,13,old")
    with pytest.raises(RightsError, match="web_event,all,13,old"):
        find_outdated(home.places, NOW, "tests")
