"""Whether the process of a run is alive, and what is done about a run whose process is gone."""

import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta

import dagster as dg
import pytest

from orchestration import processes
from orchestration.failures import alert_of
from orchestration.processes import (
    PROCESS_TAG,
    HealthCheckedLauncher,
    end_dead_runs,
    is_dead,
    runs_under_way,
    tag_of_this_process,
)
from orchestration.settings import WRITER_POOL
from tests.orchestration.conftest import ROOT, Place, any_refresh
from tests.orchestration.webhook_server import Webhook

OWNING = """
import sys, time, dagster as dg
from orchestration.processes import tag_of_this_process
with dg.DagsterInstance.get() as instance:
    instance.add_run_tags(sys.argv[1], tag_of_this_process(instance, sys.argv[1]))
    print("owned", flush=True)
    time.sleep(600)
"""


def run_of(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, **tags: str) -> dg.DagsterRun:
    """Create a run in a state, as its launcher would."""
    return instance.create_run_for_job(any_refresh, run_id=str(uuid.uuid4()), status=status, tags=tags)


def reloaded(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRun:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found


@pytest.fixture
def run(instance: dg.DagsterInstance) -> dg.DagsterRun:
    return run_of(instance, dg.DagsterRunStatus.STARTED)


@pytest.fixture
def owner(run: dg.DagsterRun) -> Iterator[subprocess.Popen[str]]:
    """Another process that executes the run."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNING, run.run_id],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "owned\n"
        yield process
        process.kill()


def test_a_run_is_dead_when_its_process_is_killed(
    instance: dg.DagsterInstance, run: dg.DagsterRun, owner: subprocess.Popen[str]
) -> None:
    assert not is_dead(instance, reloaded(instance, run))
    assert runs_under_way(instance)
    assert end_dead_runs(instance) == []
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert is_dead(instance, reloaded(instance, run))
    assert runs_under_way(instance) == []
    assert [dead.run_id for dead in end_dead_runs(instance)] == [run.run_id]
    assert reloaded(instance, run).status == dg.DagsterRunStatus.FAILURE


# What Dagster's own tags and an earlier version of the project leave: after a restart of the machine, or in a new
# container, another process has the number of the dead one, or the host another name.
@pytest.mark.parametrize(
    "tag", [f"{socket.gethostname()}:{os.getpid()}", "another-host:1"], ids=["same number", "another host"]
)
def test_a_run_of_an_earlier_version_is_ended_and_frees_the_pool(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    run = run_of(instance, dg.DagsterRunStatus.STARTED, **{PROCESS_TAG: tag})
    monkeypatch.setattr(processes, "UNTAGGED_FOR", timedelta(0))
    storage = instance.event_log_storage
    storage.initialize_concurrency_limit_to_default(WRITER_POOL)
    assert storage.claim_concurrency_slot(WRITER_POOL, run.run_id, "ingest_web").is_claimed
    assert [dead.run_id for dead in end_dead_runs(instance)] == [run.run_id]
    assert "• the run: The process that ran it is gone" in alert_of(instance, run).text
    assert reloaded(instance, run).status == dg.DagsterRunStatus.FAILURE
    assert storage.claim_concurrency_slot(WRITER_POOL, "another-run", "ingest_web").is_claimed


def test_a_run_that_ended_after_it_was_read_stays_as_it_ended(
    instance: dg.DagsterInstance, run: dg.DagsterRun
) -> None:
    instance.add_run_tags(run.run_id, {PROCESS_TAG: f"{run.run_id}/gone.lock"})
    started = reloaded(instance, run)
    instance.report_run_canceled(started)
    assert not is_dead(instance, started)


def test_a_lock_that_is_gone_is_that_of_a_dead_process(
    instance: dg.DagsterInstance, run: dg.DagsterRun
) -> None:
    """As where the folder was restored from a backup."""
    instance.add_run_tags(run.run_id, {PROCESS_TAG: f"{run.run_id}/gone.lock"})
    assert is_dead(instance, reloaded(instance, run))


def test_a_run_that_has_just_begun_or_is_executed_again_is_not_dead(
    instance: dg.DagsterInstance, run: dg.DagsterRun
) -> None:
    again = run_of(instance, dg.DagsterRunStatus.STARTING, **{PROCESS_TAG: f"{run.run_id}/gone.lock"})
    assert [is_dead(instance, each) for each in (run, again)] == [False] * 2


def test_a_run_that_was_to_be_cancelled_is_cancelled(
    instance: dg.DagsterInstance, run: dg.DagsterRun, owner: subprocess.Popen[str]
) -> None:
    instance.report_run_canceling(run)
    owner.kill()
    owner.wait()
    end_dead_runs(instance)
    assert reloaded(instance, run).status == dg.DagsterRunStatus.CANCELED


def test_locks_of_dead_processes_are_deleted(place: Place, instance: dg.DagsterInstance) -> None:
    dead = place.folder / "instance" / "processes" / "dead.lock"
    dead.parent.mkdir()
    dead.touch()
    tag = tag_of_this_process(instance, "some-run")[PROCESS_TAG]
    assert [file.name for file in dead.parent.iterdir()] == [tag.removeprefix("some-run/")]
    assert tag_of_this_process(instance, "some-run")[PROCESS_TAG] == tag


def test_the_daemon_is_answered_and_the_alert_is_sent_once(
    place: Place,
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    owner: subprocess.Popen[str],
    webhook: Webhook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALERTS_WEBHOOK_URL", webhook.address)
    launcher = instance.run_launcher
    assert isinstance(launcher, HealthCheckedLauncher)
    started = reloaded(instance, run)
    assert launcher.check_run_worker_health(started).status.value == "RUNNING"
    owner.kill()
    owner.wait()
    assert launcher.check_run_worker_health(started).status.value == "FAILED"
    # What was read before the end is not ended again.
    assert launcher.check_run_worker_health(started).status.value == "RUNNING"
    [text] = webhook.texts
    assert run.run_id[:8] in text
    assert "The process that ran it is gone" in text
