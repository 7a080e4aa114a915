"""A warehouse that cannot be read is reported in a sentence, and its last build's clock is its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from stewardship import verify, what_if, why
from stewardship.verify import VerifyError, clock_of_build
from stewardship.warehouse import copy_warehouse, opened
from tests.pipeline_run.dbt_in_process import REPOSITORY

HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
MACRO = (REPOSITORY / "dbt_project" / "macros" / "portability" / "time.sql").read_text()
COMMANDS: list[Callable[[], int]] = [
    verify.main,
    lambda: what_if.main(["email.max_values_per_person=3"]),
    lambda: why.main(["email:a@example.org", "email:b@example.org"]),
]


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a warehouse that is not there; nothing is published next to it."""
    path = tmp_path / "warehouse.duckdb"
    monkeypatch.setenv("WAREHOUSE_PATH", str(path))
    monkeypatch.setenv("MARTS_PATH", str(tmp_path / "marts.duckdb"))
    monkeypatch.setenv("DBT_PROJECT_DIR", str(REPOSITORY / "dbt_project"))
    monkeypatch.delenv("RUN_AT", raising=False)
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def held(warehouse: Path) -> Iterator[Path]:
    """A warehouse that another program writes to."""
    command = [sys.executable, "-c", HOLD, str(warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield warehouse
        holder.kill()


def test_a_warehouse_that_is_not_there_is_said_by_each_question(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in COMMANDS:
        assert command() == 2
        assert capsys.readouterr().err.startswith(f"There is no warehouse at {warehouse}. Set WAREHOUSE_PATH")


def test_a_warehouse_that_is_written_to_is_said_by_each_question(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in COMMANDS:
        assert command() == 2
        said = capsys.readouterr().err
        assert said.startswith(f"The warehouse {held} is being written to, by a refresh perhaps. Ask again")
    assert [path for path in held.parent.iterdir() if path.is_dir()] == []


def test_a_warehouse_without_models_is_said(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    duckdb.connect(str(warehouse)).close()
    assert COMMANDS[2]() == 2
    said = capsys.readouterr().err
    assert said.startswith(f"The warehouse {warehouse} is not built yet (")
    assert "Traceback" not in said


def test_what_if_takes_the_project_that_is_set(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    duckdb.connect(str(warehouse)).close()
    project = warehouse.parent / "theirs"
    (project / "seeds").mkdir(parents=True)
    (project / "seeds" / "identity_rules.csv").write_text("identifier_type,priority\nbadge,1\n")
    monkeypatch.setenv("DBT_PROJECT_DIR", str(project))
    assert what_if.main(["email.priority=3"]) == 2
    assert "it has badge" in capsys.readouterr().err


def test_a_copy_has_what_a_killed_program_left_to_be_written(warehouse: Path, tmp_path: Path) -> None:
    write = (
        "import duckdb, os, sys; held = duckdb.connect(sys.argv[1]); held.execute('create table t as select 1');"
        " os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", write, str(warehouse)], check=False)
    copy = tmp_path / "copy.duckdb"
    copy_warehouse(warehouse, copy)
    with opened(copy) as connection:
        assert connection.execute("from t").fetchall() == [(1,)]


def _build(warehouse: Path, run_at: datetime, last_record_at: datetime) -> None:
    """Write the mart of completeness, with the expression of its macro for DuckDB."""
    assert "((epoch_us({{ end_at }}) - epoch_us({{ start_at }})) / 1000000.0)" in MACRO
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            """
            create or replace table marts.mart_completeness as
            select last_record_at,
                ((epoch_us(run_at) - epoch_us(last_record_at)) / 1000000.0) / 86400 * 24 as silent_hours
            from (select cast($run_at as timestamp) as run_at, cast($last as timestamp) as last_record_at)
            """,
            {"run_at": run_at.replace(tzinfo=None), "last": last_record_at.replace(tzinfo=None)},
        )


def test_the_clock_is_that_of_the_last_build_to_the_microsecond(warehouse: Path) -> None:
    marts = warehouse.with_name("marts.duckdb")
    duckdb.connect(str(warehouse)).close()
    with pytest.raises(VerifyError, match="set RUN_AT"):
        clock_of_build(warehouse, marts)
    with duckdb.connect(str(marts)) as connection:
        connection.execute(
            "create table publication as select timestamptz '2026-01-01 00:00:00+00' as run_at"
        )
    assert clock_of_build(warehouse, marts) == "2026-01-01T00:00:00+00:00"
    rng = Random(5)
    for _ in range(20):
        run_at = datetime(2026, 4, 30, tzinfo=UTC) + timedelta(microseconds=rng.randrange(10**12))
        _build(warehouse, run_at, run_at - timedelta(microseconds=rng.randrange(10**15)))
        assert clock_of_build(warehouse, marts) == run_at.isoformat()
