"""What a killed refresh leaves behind, or another program holds, and how the next refresh by hand takes it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.assets.dbt_project import prepared_project
from orchestration.refresh import main, new_log
from storage.locks import locked
from tests.orchestration.conftest import ROOT, Place, any_refresh, message, refresh_by_hand
from tests.orchestration.webhook_server import Webhook

PATIENCE_SECONDS = 300
ENDLESS = "select sum(hash(numbers.range)) as total from range(1000000000000) as numbers"


def test_dbt_ends_with_a_refresh_that_is_killed_alone(place: Place) -> None:
    place.land("good.jsonl", message("m1", "web", "digital"))
    model = place.folder / "dbt_project" / "models" / "staging" / "endless.sql"
    model.write_text(ENDLESS, encoding="utf-8")
    log = place.folder / "refresh.log"
    with subprocess.Popen(
        [sys.executable, "-m", "orchestration.refresh"],
        cwd=place.folder,
        env={**os.environ, **place.environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as refresh:
        try:
            _wait_until(lambda: log.exists() and "START sql table model staging.endless" in log.read_text())
            assert not _can_be_opened(place.settings.warehouse)
            refresh.kill()
            _wait_until(lambda: _can_be_opened(place.settings.warehouse))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(refresh.pid, signal.SIGKILL)


def _can_be_opened(warehouse: Path) -> bool:
    try:
        duckdb.connect(warehouse).close()
    except duckdb.IOException:
        return False
    return True


def _wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_warehouse_that_another_program_has_open_is_named_and_reported(
    place: Place, webhook: Webhook
) -> None:
    with closing(duckdb.connect(place.settings.warehouse)):
        done = refresh_by_hand(place, ALERTS_WEBHOOK_URL=webhook.address)
    assert done.returncode == 1
    assert "Conflicting lock is held" in done.stdout
    assert f"(PID {os.getpid()})" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert len(webhook.texts) == 1


def test_a_manifest_that_was_cut_short_is_written_anew(place: Place) -> None:
    manifest = place.folder / "dbt_project" / "target" / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[: len(whole) // 2])
    prepared_project(place.settings)
    assert json.loads(manifest.read_bytes())["nodes"].keys() == json.loads(whole)["nodes"].keys()


def test_a_refresh_next_to_one_of_the_ui_names_it_and_leaves_its_log_alone(
    place: Place, instance: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    log = place.folder / "refresh.log"
    log.write_text("of the last by hand")
    run = instance.create_run_for_job(any_refresh, status=dg.DagsterRunStatus.STARTED)
    with locked(place.folder / "instance" / "refresh.lock"):
        assert main([]) == 1
    assert capsys.readouterr().out == f"A refresh is under way already: run {run.run_id[:8]}.\n"
    assert log.read_text() == "of the last by hand"
    assert list(place.folder.glob("*.log")) == [log]


def test_the_logs_of_the_few_runs_before_are_kept(tmp_path: Path) -> None:
    ours = tmp_path / "refresh-of-ours.log"
    ours.write_text("ours")
    log = tmp_path / "refresh.log"
    for run in range(8):
        assert new_log(log) == log
        assert not log.exists()
        log.write_text(str(run))
        os.utime(log, (1_800_000_000 + run, 1_800_000_000 + run))
    older = sorted(set(tmp_path.iterdir()) - {log, ours})
    assert [file.read_text() for file in older] == ["2", "3", "4", "5", "6"]
    assert older[-1].name == "refresh-20270115T080006.000000Z.log"
    assert (log.read_text(), ours.read_text()) == ("7", "ours")


def test_a_second_refresh_leaves_the_first_and_its_log_alone(place: Place) -> None:
    log = place.folder / "refresh.log"
    log.write_text("of the first")
    with locked(place.folder / "instance" / "refresh.lock") as is_ours:
        assert is_ours
        done = refresh_by_hand(place)
    assert (done.returncode, done.stdout) == (1, "A refresh is under way already.\n")
    assert log.read_text() == "of the first"
