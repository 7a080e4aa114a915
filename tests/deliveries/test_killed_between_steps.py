"""A slice that is merged in steps, and killed between two of them: everything is built next, as without the kill."""

import os
import shutil
import signal
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pytest

from slices.kept import merged
from slices.merge import _merge
from slices.warehouse import PLAN, NoPlanError, plan_of
from stewardship.verify import compare
from tests.deliveries.history import HAPPENINGS
from tests.deliveries.moment import Moment
from tests.deliveries.retailer import NOW
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import PROJECT
from tests.pipeline_run.run import Place

CLOCK = datetime.fromisoformat(NOW) + timedelta(hours=1)
HAPPENS = ("people change", "members enrol again", "slips are corrected", "some go")


@pytest.mark.parametrize(
    "share", [pytest.param(0.0, marks=pytest.mark.slow), 0.5, pytest.param(1.0, marks=pytest.mark.slow)]
)
def test_the_next_run_comes_to_the_same(
    in_one_go: Place, models: CompiledModels, tmp_path: Path, share: float
) -> None:
    unkilled, killed = tmp_path / "unkilled.duckdb", tmp_path / "killed.duckdb"
    shutil.copyfile(in_one_go.warehouse, unkilled)
    _let_happen(unkilled, in_one_go.warehouse)
    shutil.copyfile(unkilled, killed)
    assert not models.bring_up(unkilled, run_at=CLOCK).full
    _bring_up_and_die(models, killed, after=1 + int(share * (len(merged(models.plan)) - 1)))
    # Without a plan no slice could follow in any case.
    (tmp_path / PLAN).touch()
    with pytest.raises(NoPlanError, match="the last one was interrupted"):
        plan_of(killed, "1GB", plans=tmp_path, project=PROJECT, digest="one")
    assert compare(unkilled, killed).differences
    for warehouse in (unkilled, killed):
        models.run(warehouse, run_at=CLOCK)
    unlike = compare(unkilled, killed).differences
    assert not unlike, "\n".join(map(str, unlike))


def _let_happen(warehouse: Path, whole: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create or replace table slices.build as select 'one' as digest, now() as built_at"
        )
        connection.execute(f"attach '{whole}' as whole (read_only)")
        for happening in HAPPENS:
            HAPPENINGS[happening](Moment(connection, "later", CLOCK, seed=3))


def _bring_up_and_die(models: CompiledModels, warehouse: Path, after: int) -> None:
    """Build a slice in another process, and kill that when so many tables are merged."""
    done: list[None] = []

    def merge_and_die(*arguments: Any) -> int:
        rows = _merge(*arguments)
        done.append(None)
        if len(done) == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return rows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("slices.transactions.MOST_FOR_DELETES", 0.0)
        patch.setattr("slices.merge._merge", merge_and_die)
        process = get_context("fork").Process(
            target=models.bring_up, args=[warehouse], kwargs={"run_at": CLOCK}
        )
        process.start()
        process.join()
    assert process.exitcode == -signal.SIGKILL
