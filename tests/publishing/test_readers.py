"""Readers in processes of their own, while versions are published and rolled back under them."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from publishing import Publication, rollback
from tests.publishing.conftest import RUN_AT

REPOSITORY = Path(__file__).resolve().parents[2]
Publish = Callable[..., Publication]
Change = Callable[[str], None]


@pytest.fixture
def publish_number(publish_again: Publish, change: Change) -> Callable[[int], Publication]:
    """Publish a version in which every table has the same number."""

    def run(number: int) -> Publication:
        change(f"""
            create or replace table marts.fct_orders as
            select 'o' || n as order_id, 'c1' as customer_id, cast(n as decimal(18, 4)) as net_total
            from range(1, {number} + 1) as numbers(n);
            update marts.dim_customers set orders = {number};
        """)
        return publish_again(run_at=RUN_AT + timedelta(hours=number))

    return run


@pytest.mark.parametrize(("readers", "publications"), [(4, 10), pytest.param(10, 50, marks=pytest.mark.slow)])
def test_readers_see_no_error_and_one_version_at_a_time(
    publish_number: Callable[[int], Publication],
    marts: Path,
    tmp_path: Path,
    readers: int,
    publications: int,
) -> None:
    published = [publish_number(1).version]
    stop = tmp_path / "stop"
    command = [sys.executable, "-m", "tests.publishing.reader", str(marts), str(stop)]
    started = [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) for _ in range(readers)
    ]
    published += [publish_number(number).version for number in range(2, publications + 2)]
    rollback(marts)
    stop.touch()
    notes: list[dict[str, Any]] = [json.loads(reader.communicate(timeout=60)[0]) for reader in started]
    asked = {way: sum(note["questions"][way] for note in notes) for way in notes[0]["questions"]}
    seen = {version for note in notes for version in note["versions"]}
    print(f"{readers} readers, {publications} publications: asked {asked}, saw {len(seen)} versions")
    assert [error for note in notes for error in note["errors"]] == []
    assert [mixed for note in notes for mixed in note["mixed"]] == []
    assert seen <= set(published)
    assert all(note["versions"][-1] == published[-2] for note in notes), "readers see the rollback last"
    assert len(seen) >= 3, "they must have read while versions changed"


def test_the_published_file_is_for_reading(publish_again: Publish, marts: Path) -> None:
    publish_again()
    assert marts.stat().st_mode & 0o222 == 0
    with duckdb.connect(marts, read_only=True) as connection, pytest.raises(duckdb.InvalidInputException):
        connection.execute("delete from fct_orders")
