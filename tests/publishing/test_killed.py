"""A process killed while it publishes: readers have a whole version, and the next one clears up and goes on."""

import json
import random
import signal
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from publishing import Publication, kept_versions, rollback
from publishing.shelf import Shelf
from tests.publishing.conftest import RUN_AT, rows
from tests.publishing.dying import RENAMES, STEPS, publishing

Publish = Callable[..., Publication]
Change = Callable[[str], None]


@pytest.fixture
def arguments(warehouse: Path, manifest: Path, marts: Path) -> dict[str, Any]:
    """Arguments of the dying process."""
    return {
        "warehouse": warehouse,
        "marts": marts,
        "manifest": manifest,
        "sources": {"web": "loaded"},
        "key": "k",
    }


def whole_version(marts: Path) -> str:
    """Read the published file as a reader does, and say which version it is; its tables must agree with each other."""
    [(version, stated, counted)] = rows(
        marts,
        "select version, row_counts['fct_orders'], (select count(*) from fct_orders) from publication",
    )
    assert stated == counted
    return str(version)


def parquet_version(marts: Path) -> str:
    """Say which version the Parquet link leads to; its tables must agree with each other."""
    folder = marts.with_name("marts_parquet").resolve()
    with closing(duckdb.connect()) as connection:
        [(version, stated, counted)] = connection.execute(
            f"select version, row_counts['fct_orders'], (select count(*) from '{folder}/fct_orders.parquet')"
            f" from '{folder}/publication.parquet'"
        ).fetchall()
    assert stated == counted
    return str(version)


def assert_readers_have_whole_versions(marts: Path, before: str, run_at: datetime) -> None:
    """The version before or that of the run at `run_at`; the link may be ahead of the file."""
    new = f"{run_at:%Y%m%dT%H%M%SZ}-"
    assert all(version == before or version.startswith(new) for version in _seen(marts))
    shelf = Shelf(marts)
    current, versions = kept_versions(marts)
    assert current in {version.name for version in versions}
    assert all(shelf.is_whole(version) for version in versions), "listed versions can be restored"


def _seen(marts: Path) -> tuple[str, str]:
    return whole_version(marts), parquet_version(marts)


def assert_nothing_is_left_over(marts: Path) -> None:
    shelf = Shelf(marts)
    listed = {path for version in shelf.read().versions for path in shelf.paths_of(version.name)}
    assert set(shelf.folder.iterdir()) == {*listed, shelf.folder / ".lock", shelf.folder / "versions.json"}
    beside = {path.name for path in marts.parent.iterdir()}
    assert beside == {
        "marts.duckdb",
        "marts_parquet",
        "marts_versions",
        "data_dictionary.html",
        "data_dictionary.md",
    }
    assert json.loads((shelf.folder / "versions.json").read_text())["next"] is None


def assert_the_next_one_clears_up(publish_again: Publish, change: Change, marts: Path, number: int) -> str:
    change(f"insert into marts.fct_orders values ('after {number}', 'c2', 1)")
    version = publish_again(run_at=RUN_AT + timedelta(days=number, hours=1)).version
    assert _seen(marts) == (version, version)
    assert kept_versions(marts)[0] == version
    assert_nothing_is_left_over(marts)
    return version


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_killed_at_any_moment(
    publish_again: Publish, change: Change, marts: Path, arguments: dict[str, Any], kills: int
) -> None:
    publish_again()
    seconds = _seconds_of_a_publication(change, arguments)
    chance = random.Random(7)
    swapped = died = 0
    for number in range(1, kills + 1):
        before = whole_version(marts)
        change(f"insert into marts.fct_orders values ('new {number}', 'c2', 1)")
        run_at = RUN_AT + timedelta(days=number)
        with publishing({**arguments, "run_at": run_at}) as process:
            process.join(timeout=1.2 * seconds * (number - chance.random()) / kills)
            process.kill()
            process.join()
        died += process.exitcode == -signal.SIGKILL
        swapped += whole_version(marts) != before
        assert_readers_have_whole_versions(marts, before, run_at)
        assert_the_next_one_clears_up(publish_again, change, marts, number)
    print(f"{kills} kills in {seconds:.2f} s of publishing: {died} died, {swapped} had the new version out")
    assert died >= kills / 2


def _seconds_of_a_publication(change: Change, arguments: dict[str, Any]) -> float:
    change("insert into marts.fct_orders values ('timed', 'c2', 1)")
    with publishing({**arguments, "run_at": RUN_AT + timedelta(hours=1)}) as process:
        started = time.monotonic()
        process.join()
    assert process.exitcode == 0
    return time.monotonic() - started


@pytest.mark.parametrize(
    "steps", [RENAMES, pytest.param(STEPS, marks=pytest.mark.slow)], ids=["renames", "all"]
)
def test_killed_before_any_step(
    publish_again: Publish, change: Change, marts: Path, arguments: dict[str, Any], steps: frozenset[str]
) -> None:
    publish_again()
    for taken in count():
        before = whole_version(marts)
        change(f"insert into marts.fct_orders values ('new {taken}', 'c2', 1)")
        run_at = RUN_AT + timedelta(days=taken)
        with publishing({**arguments, "run_at": run_at}, dies_after=taken, steps=steps) as process:
            process.join()
        assert_readers_have_whole_versions(marts, before, run_at)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        assert_the_next_one_clears_up(publish_again, change, marts, taken)
    print(f"killed before each of {taken} steps")
    assert taken > 5
    assert_nothing_is_left_over(marts)


def test_a_swap_that_was_cut_short_is_finished_before_a_rollback(
    publish_again: Publish, change: Change, marts: Path, arguments: dict[str, Any]
) -> None:
    first = publish_again().version
    index = marts.parent / "marts_versions" / "versions.json"
    for taken in count(1):
        change(f"insert into marts.fct_orders values ('new {taken}', 'c2', 1)")
        run_at = RUN_AT + timedelta(hours=taken)
        with publishing({**arguments, "run_at": run_at}, dies_after=taken, steps=RENAMES) as process:
            process.join()
        following = json.loads(index.read_text())["next"]
        if following is not None:
            break
        assert process.exitcode != 0, "no step of the whole publication was inside the swap"
    assert rollback(marts).name == first, "the version before the one that was on its way"
    assert [version.name for version in kept_versions(marts)[1]] == [first, following]
    assert _seen(marts) == (first, first)
