"""After kills of a refresh in loading, dbt, checks or publishing, the next one has the result of a run without kills.

With `-rP`, pytest shows in which phase each kill fell.
"""

import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from pathlib import Path

import duckdb
import pytest

from ingestion.sources import SOURCES
from publishing import kept_versions
from simulator.plan import Plan
from simulator.write import write
from tests.crash.at_rest import dlt_is_at_rest
from tests.crash.by_day import ByDay
from tests.crash.killed import killed_after
from tests.crash.phases import (
    PHASES,
    STARTING,
    Instant,
    Step,
    instant_in,
    phase_under_way,
    steps_of,
    while_starting,
)
from tests.deliveries.equality import OF_RUNS, differences
from tests.end_to_end.workplace import REFRESH, Workplace, support_desk
from tests.pipeline_run.accounts import ledger_totals, loaded_twice

PLAN = Plan(people=30)
# In a round two deliveries come, the second to what the first had not been made into marts. In this order there is
# something to do in every phase that a kill cuts short.
ROUND = ((STARTING, "loading", "raw checks", "dbt"), ("dbt", "marts checks", "publishing"))
ROUNDS = 2
# `make crash KILLS=100` asks for more: for more warehouses, which as many processes as there are kill side by side.
KILLS = int(os.environ.get("KILLS") or 10)
WAREHOUSES = ceil(KILLS / (ROUNDS * sum(len(phases) for phases in ROUND)))
SECONDS_TO_START = 5.0
FELL_NOWHERE = "none: it had ended"


@pytest.mark.slow
@pytest.mark.parametrize("number_of_warehouse", range(WAREHOUSES))
def test_a_refresh_killed_again_and_again_ends_as_one_that_was_not(
    tmp_path: Path, number_of_warehouse: int
) -> None:
    write(PLAN, tmp_path / "written")
    retailer = ByDay(tmp_path / "written")
    never, killed = _place(tmp_path / "never"), _place(tmp_path / "killed")
    chance = random.Random(number_of_warehouse)
    fell: Counter[str] = Counter()
    for number, days in enumerate(_days_of_rounds()):
        retailer.deliver(never, days[-1])
        steps = steps_of(_refreshed(never))
        for day, phases in zip(days, ROUND, strict=True):
            retailer.deliver(killed, day)
            fell += _kills(killed, phases, steps, chance, alone_first=bool(number % 2))
        _refreshed(killed)
        _are_alike(killed, never)
        print(f"round {number + 1} of {ROUNDS}: kills by phase: {dict(fell)}", flush=True)
    assert set(PHASES) <= set(fell), "some phase was never interrupted"
    assert fell[FELL_NOWHERE] < fell.total() / 5, "most were to be killed before they had ended"


def _place(folder: Path) -> Workplace:
    """Give a workplace the key of the other, so that customers have the same ids in both."""
    place = Workplace.made_in(folder)
    place.data.mkdir()
    (place.data / ".identity_salt").write_text("only-for-tests", encoding="utf-8")
    return place


def _days_of_rounds() -> list[list[str]]:
    """Divide the retailer's history among the deliveries of all rounds; return the last day of each."""
    each = len(ROUND)
    ends = [
        PLAN.start + timedelta(days=PLAN.days * (part + 1) / (ROUNDS * each)) for part in range(ROUNDS * each)
    ]
    days = [f"{end:%Y-%m-%d}" for end in ends]
    return [days[first : first + each] for first in range(0, len(days), each)]


def _refreshed(place: Workplace) -> str:
    """Run a refresh to its end, and return its output."""
    with support_desk(place) as settings:
        ended = place.run(*REFRESH, **settings)
    assert ended.status == 0, ended.output
    return ended.output


def _kills(
    place: Workplace,
    phases: Sequence[str],
    steps: Sequence[Step],
    chance: random.Random,
    *,
    alone_first: bool,
) -> Counter[str]:
    """Kill a refresh in each of these phases, every second one alone; count the phases in which they were killed."""
    fell: Counter[str] = Counter()
    with support_desk(place) as settings:
        for number, phase in enumerate(phases):
            share = chance.random()
            instant = (
                while_starting(share * SECONDS_TO_START)
                if phase == STARTING
                else instant_in(phase, steps, share)
            )
            alone = alone_first == (number % 2 == 0)
            fell[_killed(place, instant, settings, alone=alone)] += 1
    return fell


def _killed(place: Workplace, instant: Instant, settings: dict[str, str], *, alone: bool) -> str:
    """Kill a refresh at an instant, and return the phase that was under way."""
    log = place.data / "refresh.log"
    done = killed_after(
        [sys.executable, *REFRESH],
        instant,
        log=log,
        environment=place.environment(**settings),
        folder=place.folder,
        alone=alone,
    )
    phase = FELL_NOWHERE if done else phase_under_way(log.read_text(encoding="utf-8", errors="replace"))
    print(
        f"  {phase}{', alone' if alone else ''}: {instant.seconds:.1f} s after {instant.sign!r}", flush=True
    )
    assert done is None or done.returncode == 0, done.stdout
    return phase


def _are_alike(killed: Workplace, never: Workplace) -> None:
    assert differences(killed.warehouse, never.warehouse) == {}
    # What is read again after a kill has a line of the ledger again, of duplicates; and what a later file corrects was
    # loaded twice where the first came by itself. So the sums may differ, but nothing that came once was loaded twice.
    assert ledger_totals(killed.warehouse).rejected == ledger_totals(never.warehouse).rejected
    assert loaded_twice(killed.warehouse) == []
    assert _rows_of_raw_tables(killed.warehouse) == _rows_of_raw_tables(never.warehouse)
    assert _published_rows(killed.marts) == _published_rows(never.marts)
    for source in SOURCES:
        dlt_is_at_rest(killed.warehouse, source)


def _rows_of_raw_tables(warehouse: Path) -> dict[str, int]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
            " and table_name not in ('load_ledger', 'observed_fields') and not starts_with(table_name, '_dlt')"
        ).fetchall()
        return {
            table: len(connection.execute(f"select 1 from raw.{table}").fetchall()) for (table,) in tables
        }


def _published_rows(marts: Path) -> dict[str, int]:
    """Count the rows of the published version, which is the one in the index of versions."""
    with duckdb.connect(str(marts), read_only=True) as connection:
        found = connection.execute("select version, row_counts from publication").fetchall()
    [(version, counts)] = found
    assert version == kept_versions(marts)[0]
    return {table: rows for table, rows in counts.items() if table not in OF_RUNS}
