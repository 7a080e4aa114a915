"""Records that arrive after an instant are held back, and restored unchanged."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from simulator.held_back import HELD_BACK, held_back, put_back
from simulator.plan import Plan
from simulator.write import write
from tests.simulator.landed import Simulated

PLAN = Plan(30, days=40)
UNTIL = PLAN.start + timedelta(days=12)


@pytest.fixture
def retailer(tmp_path: Path) -> Simulated:
    write(PLAN, tmp_path)
    return Simulated(tmp_path)


def _newest(retailer: Simulated) -> str:
    """The day of the newest file, ticket or row."""
    days = [path.parent.name for path in retailer.event_files("web")]
    days += [str(ticket["updated_at"])[:10] for ticket in retailer.support("tickets")]
    days += [str(row[0])[:10] for row in retailer.store("select updated_at from transactions")]
    return max(days)


def test_only_what_had_arrived_is_there(retailer: Simulated) -> None:
    with held_back(retailer.out, UNTIL):
        assert retailer.event_files("web")
        assert retailer.store("select 1 from members")
        assert _newest(retailer) < UNTIL.date().isoformat()
    assert _newest(retailer) > UNTIL.date().isoformat()


def test_all_is_put_back_as_it_was(retailer: Simulated) -> None:
    before = retailer.whole_files()
    with held_back(retailer.out, UNTIL):
        assert retailer.whole_files() != before
    assert retailer.whole_files() == before


def test_what_a_killed_process_held_back_is_put_back(retailer: Simulated) -> None:
    before = retailer.whole_files()
    killed = held_back(retailer.out, UNTIL)
    killed.__enter__()
    put_back(retailer.out)
    assert retailer.whole_files() == before
    assert not (retailer.out / HELD_BACK).exists()


def test_rows_and_records_are_as_they_were_written(retailer: Simulated) -> None:
    members = set(retailer.store("select * from members"))
    users = [json.dumps(user) for user in retailer.support("users")]
    with held_back(retailer.out, UNTIL):
        with closing(sqlite3.connect(retailer.out / "store.db")) as store:
            assert set(store.execute("select * from members").fetchall()) <= members
        assert [json.dumps(user) for user in retailer.support("users")] == [
            user for user in users if json.loads(user)["updated_at"] < f"{UNTIL:%Y-%m-%dT%H:%M:%SZ}"
        ]
