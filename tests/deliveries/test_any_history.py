"""After any history, a warehouse that slices updated equals a full build.

After each run it is compared with a full build of itself that has the same parameters and registry, table by
table; and the closure must hold everybody whose rows differ, which is the same.
"""

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from slices.closure import Closure
from stewardship.verify import compare
from tests.deliveries.conftest import DOZENS_OF_A_CROWD
from tests.deliveries.history import HAPPENINGS, KEYS, Chapter, clocks, histories
from tests.deliveries.moment import Moment
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.run import Place

ASKED_FOR = os.environ.get("FUZZ_CASES")
LONG = 12
# Long histories use a dozen people, to whom many happenings do not apply, and crowds, of which each dozen gets other
# deliveries. FUZZ_CASES is the number of deliveries to a dozen.
CROWDS = 3 if ASKED_FOR else 1
DELIVERIES_IN_A_ROUND = LONG * (1 + CROWDS * DOZENS_OF_A_CROWD)
RANDOM = settings(
    max_examples=max(1, int(ASKED_FOR or 0) // DELIVERIES_IN_A_ROUND),
    derandomize=ASKED_FOR is None,
    database=None,
    deadline=None,
    # To make a failing case smaller would take an hour.
    phases=(Phase.generate,),
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
# hypothesis begins with the simplest: this one, and unless more is asked for it is the only one.
WRITTEN = [
    Chapter(("some come",), seed=1, hours=0),
    Chapter(("some come", "a steward decides", "people change"), seed=2, hours=1, killed_at=0.5),
    Chapter(("some come", "some come again in another load"), seed=59, hours=1),
    Chapter(("members enrol again", "twins enrol", "some go"), seed=3, hours=1),
    Chapter(("slips are corrected", "members enrol again", "many sign in on one device"), seed=5, hours=1),
    Chapter(("many give one phone", "accounts are replaced", "receipts come late"), seed=6, hours=1),
    Chapter(
        ("the phone is put right", "a shared device is found wrong", "tickets follow others"), seed=7, hours=2
    ),
    Chapter(("an agent turns out to be a bot", "the catalogue changes"), seed=8, hours=1),
    Chapter(("a seed is edited", "all come", "rates change"), seed=9, hours=30),
]


@given(history=st.just(WRITTEN) | histories(chapters=3))
@RANDOM
def test_slices_are_what_a_whole_build_makes(
    history: list[Chapter], models: CompiledModels, in_one_go: Place
) -> None:
    closures = _updated(history, models, in_one_go.warehouse)
    if history is WRITTEN:
        # A slice that is never cut would prove nothing. The first run and the last build everything.
        assert not any(closure.full for closure in closures[2:-1])


@pytest.mark.slow
@pytest.mark.parametrize("crowd", range(CROWDS))
@given(history=histories(chapters=LONG))
@RANDOM
def test_slices_of_a_crowd_are_what_a_whole_build_makes(
    history: list[Chapter], models: CompiledModels, crowd_in_one_go: Place, crowd: int
) -> None:
    note(f"crowd {crowd}")
    _updated(history, models, crowd_in_one_go.warehouse, dozens=DOZENS_OF_A_CROWD)


def _updated(history: list[Chapter], models: CompiledModels, whole: Path, dozens: int = 1) -> list[Closure]:
    """Apply a history to a warehouse, with a run after each chapter; compare, and return the closures."""
    closures = []
    with TemporaryDirectory() as folder:
        warehouse = _with_nothing_come(whole, Path(folder) / "updated")
        models.run(warehouse, run_at=clocks(history)[0])
        seconds_of_a_run = 0.0
        for number, (chapter, clock) in enumerate(zip(history, clocks(history), strict=True)):
            _let_happen(warehouse, whole, chapter, f"load {number}", clock, dozens)
            bring_up = partial(_bring_up, models, warehouse, clock, in_place=number % 2 == 0)
            if chapter.killed_at is not None:
                _kill(bring_up, after=seconds_of_a_run * chapter.killed_at)
                continue
            began = time.monotonic()
            closures.append(bring_up())
            seconds_of_a_run = time.monotonic() - began
            note(f"{chapter}: {closures[-1]}")
            _is_what_a_whole_build_makes(warehouse, models, clock, Path(folder))
    return closures


def _bring_up(models: CompiledModels, warehouse: Path, clock: datetime, *, in_place: bool) -> Closure:
    """Update a warehouse; its identifiers are copied, or read ``in_place`` as those of a large one."""
    with pytest.MonkeyPatch.context() as patch:
        if in_place:
            patch.setattr("slices.closure.MOST_COPIED", 0)
        return models.bring_up(warehouse, run_at=clock)


def _is_what_a_whole_build_makes(
    warehouse: Path, models: CompiledModels, clock: datetime, folder: Path
) -> None:
    built = folder / "built" / warehouse.name
    built.parent.mkdir(exist_ok=True)
    shutil.copyfile(warehouse, built)
    models.run(built, run_at=clock, fitted=False)
    unlike = compare(warehouse, built).differences
    assert not unlike, "\n".join(map(str, unlike))


def _let_happen(
    warehouse: Path, whole: Path, chapter: Chapter, load: str, clock: datetime, dozens: int
) -> None:
    with closing(duckdb.connect(str(warehouse))) as connection:
        connection.execute(f"attach '{whole}' as whole (read_only)")
        for happening in chapter.happens:
            HAPPENINGS[happening](Moment(connection, load, clock, chapter.seed, dozens))


def _kill(bring_up: "partial[Closure]", after: float) -> None:
    process = get_context("fork").Process(target=bring_up)
    process.start()
    process.join(timeout=after)
    process.kill()
    process.join()


def _with_nothing_come(whole: Path, folder: Path) -> Path:
    """Copy a warehouse's seeds and the tables of loads; its raw tables are empty except for locations."""
    warehouse = _of_schemas(whole, folder, ["raw", "seeds"])
    with closing(duckdb.connect(str(warehouse))) as connection:
        for table in KEYS:
            if table != "store_locations":
                connection.execute(f"delete from raw.{table}")
    return warehouse


def _of_schemas(of: Path, folder: Path, schemas: Sequence[str]) -> Path:
    folder.mkdir()
    warehouse = folder / of.name
    with closing(duckdb.connect(str(warehouse))) as connection:
        connection.execute(f"attach '{of}' as other (read_only)")
        for schema in schemas:
            connection.execute(f"create schema {schema}")
            tables = connection.execute(
                "select table_name from duckdb_tables() where database_name = 'other' and schema_name = ?",
                [schema],
            ).fetchall()
            for (table,) in tables:
                connection.execute(f"create table {schema}.{table} as from other.{schema}.{table}")
    return warehouse
