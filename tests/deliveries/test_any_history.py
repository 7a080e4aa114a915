"""Whatever came, changed and went, in whatever order: an updated warehouse is what a full refresh makes.

It is compared with a full refresh of itself, table by table, and after a long history with a warehouse that knows only
how it ended.
"""

import os
import shutil
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from stewardship.verify import compare
from tests.deliveries.conftest import DOZENS_OF_A_CROWD
from tests.deliveries.equality import differences, tables_not_as_remembered
from tests.deliveries.history import HAPPENINGS, KEYS, Chapter, Moment, clocks, histories
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import Place, environment

SEEDS = "resource_type:seed"
ASKED_FOR = os.environ.get("FUZZ_CASES")
LONG = 12
# Long histories are of a dozen people, to whom often nothing happens that a model is about, and of crowds, each dozen
# of which is delivered otherwise. As many deliveries to a dozen are made up as are asked for, and as many processes as
# there are take a crowd each.
CROWDS = 3 if ASKED_FOR else 1
DELIVERIES_IN_A_ROUND = LONG * (1 + CROWDS * DOZENS_OF_A_CROWD)
MADE_UP = settings(
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
    Chapter(("some come",), seed=1, days=0),
    Chapter(("some come", "a steward decides", "people are told otherwise"), seed=2, days=1, killed_at=0.5),
    Chapter(
        ("some come again in another load", "a seed is edited", "some go", "all come", "rates change"),
        seed=5,
        days=7,
    ),
]


@given(history=st.just(WRITTEN) | histories(chapters=2))
@MADE_UP
def test_an_update_is_what_a_full_refresh_makes(
    history: list[Chapter], dbt: DbtProject, in_one_go: Place
) -> None:
    with TemporaryDirectory() as folder:
        updated = _told(history, dbt, in_one_go.warehouse, Path(folder))
        _is_what_a_full_refresh_makes(updated, history, dbt, Path(folder))


@pytest.mark.slow
@given(history=histories(chapters=LONG))
@MADE_UP
def test_the_end_of_a_long_history_is_what_a_full_refresh_makes(
    history: list[Chapter], dbt: DbtProject, in_one_go: Place
) -> None:
    _ends_as_a_full_refresh_does(history, dbt, in_one_go.warehouse)


@pytest.mark.slow
@pytest.mark.parametrize("crowd", range(CROWDS))
@given(history=histories(chapters=LONG))
@MADE_UP
def test_the_end_of_a_long_history_of_a_crowd_is_what_a_full_refresh_makes(
    history: list[Chapter], dbt: DbtProject, crowd_in_one_go: Place, crowd: int
) -> None:
    note(f"crowd {crowd}")
    _ends_as_a_full_refresh_does(history, dbt, crowd_in_one_go.warehouse, dozens=DOZENS_OF_A_CROWD)


def _ends_as_a_full_refresh_does(
    history: list[Chapter], dbt: DbtProject, whole: Path, dozens: int = 1
) -> None:
    with TemporaryDirectory() as folder:
        updated = _told(history, dbt, whole, Path(folder), dozens)
        _is_what_a_full_refresh_makes(updated, history, dbt, Path(folder))
        _is_what_is_told_at_once(updated, history, dbt, Path(folder))


def _told(history: list[Chapter], dbt: DbtProject, whole: Path, folder: Path, dozens: int = 1) -> Path:
    """Let a history happen to a warehouse, with a run after each chapter."""
    updated = _with_nothing_come(whole, folder / "updated")
    seconds_of_a_run = 0.0
    for number, (chapter, clock) in enumerate(zip(history, clocks(history), strict=True)):
        _let_happen(updated, whole, chapter, f"load {number}", clock, dozens)
        with environment(_settings(updated, history[: number + 1])):
            began = time.monotonic()
            _run(dbt, chapter, seconds_of_a_run)
            seconds_of_a_run = seconds_of_a_run or time.monotonic() - began
    assert tables_not_as_remembered(updated) == []
    return updated


def _is_what_a_full_refresh_makes(
    updated: Path, history: list[Chapter], dbt: DbtProject, folder: Path
) -> None:
    refreshed = folder / "refreshed" / updated.name
    refreshed.parent.mkdir()
    shutil.copyfile(updated, refreshed)
    with environment(_settings(refreshed, history)):
        dbt.build(exclude=SEEDS, tests=False, full_refresh=True)
    unlike = compare(updated, refreshed).differences
    assert not unlike, "\n".join(map(str, unlike))


def _is_what_is_told_at_once(updated: Path, history: list[Chapter], dbt: DbtProject, folder: Path) -> None:
    at_once = _of_schemas(updated, folder / "at_once", ["raw", "seeds"])
    with environment(_settings(at_once, history)):
        dbt.build(exclude=SEEDS, tests=False)
    otherwise = differences(updated, at_once)
    assert not otherwise, str(otherwise)


def _let_happen(
    updated: Path, whole: Path, chapter: Chapter, load: str, clock: datetime, dozens: int
) -> None:
    with duckdb.connect(str(updated)) as connection:
        connection.execute(f"attach '{whole}' as whole (read_only)")
        for happening in chapter.happens:
            HAPPENINGS[happening](Moment(connection, load, clock, chapter.seed, dozens))


def _run(dbt: DbtProject, chapter: Chapter, seconds_of_a_run: float) -> None:
    build = partial(dbt.build, chapter.models, exclude=SEEDS, tests=False)
    if chapter.killed_at is None:
        build()
        return
    process = get_context("fork").Process(target=build)
    process.start()
    process.join(timeout=seconds_of_a_run * chapter.killed_at)
    process.kill()
    process.join()


def _settings(warehouse: Path, history: list[Chapter]) -> dict[str, str]:
    edits = sum(chapter.happens.count("a seed is edited") for chapter in history)
    return {
        "WAREHOUSE_PATH": str(warehouse),
        "RUN_AT": clocks(history)[-1].isoformat(),
        "PROJECT_DIGEST": f"edited {edits} times",
    }


def _with_nothing_come(whole: Path, folder: Path) -> Path:
    """Copy a warehouse's seeds and what loading tells of itself; its raw tables are empty."""
    warehouse = _of_schemas(whole, folder, ["raw", "seeds"])
    with duckdb.connect(str(warehouse)) as connection:
        for table in KEYS:
            connection.execute(f"delete from raw.{table}")
    return warehouse


def _of_schemas(of: Path, folder: Path, schemas: Sequence[str]) -> Path:
    folder.mkdir()
    warehouse = folder / of.name
    with duckdb.connect(str(warehouse)) as connection:
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
