"""A refresh that is killed at random instants, of loading, dbt, checks or publishing, ends where no kill would."""

import os
import random
import sys
import time
from pathlib import Path

import pytest

from tests.crash.killed import killed_at
from tests.deliveries.equality import differences
from tests.end_to_end.workplace import REFRESH, Workplace, support_desk
from tests.pipeline_run.accounts import ledger_totals

PEOPLE = 30
# `make crash KILLS=100` asks for more.
KILLS = int(os.environ.get("KILLS") or 10)
# Importing takes so long; nothing that lasts happens before.
EARLIEST = 4.0


def _written(folder: Path) -> Workplace:
    place = Workplace.made_in(folder)
    done = place.run("-m", "simulator", "write", "--people", str(PEOPLE))
    assert done.status == 0, done.output
    return place


@pytest.mark.slow
def test_a_refresh_killed_again_and_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    never, killed = _written(tmp_path / "never"), _written(tmp_path / "killed")
    with support_desk(never) as settings:
        started = time.monotonic()
        ended = never.run(*REFRESH, **settings)
        seconds = time.monotonic() - started
    assert ended.status == 0, ended.output

    chance = random.Random(KILLS)
    instants = [chance.uniform(EARLIEST, 0.8 * seconds) for _ in range(KILLS)]
    # Else a run after one that got to its end would have nothing to do.
    whole = (*REFRESH, "--rebuild")
    with support_desk(killed) as settings:
        environment = killed.environment(**settings)
        done = [
            killed_at([sys.executable, *whole], instant, environment, killed.folder) for instant in instants
        ]
        last = killed.run(*whole, **settings)
    assert last.status == 0, last.output
    assert done.count(None) > KILLS / 2, "most were to be killed before they had ended"
    assert differences(killed.warehouse, never.warehouse) == {}
    assert ledger_totals(killed.warehouse) == ledger_totals(never.warehouse)
    assert killed.marts.exists()
