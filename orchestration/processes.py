"""Which process executes a run, whoever started it, and the end of runs whose process is gone.

The process that executes a run holds a lock on a file of its own under DAGSTER_HOME, and the run is tagged with the
file's name. The kernel frees the lock when the process dies, by whatever cause. Process ids and host names would not
do: after a reboot or in a new container another process may have the id, and the host another name.

One refresh runs at a time under a DAGSTER_HOME, with a lock of the same kind. The executor takes both locks. Dagster's
daemon asks the launcher every few seconds whether a run's process is alive (`run_monitoring` in dagster.yaml);
Dagster's own launcher has no answer, so a run whose process was killed would block all others for good.
"""

import logging
import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import dagster as dg

# Dagster exports its launcher, but not the answer that a launcher gives.
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus

from storage.locks import hold, is_free, locked

# The job that refreshes everything, and the tag of its runs.
REFRESH = "refresh"
REFRESH_TAG = "throughline/refresh"
LOCK = "refresh.lock"
PROCESS_TAG = "throughline/process"
SENTENCE = (
    "The refresh was ended by {}. What was loaded stays, and what is published is whole; run it again,"
    " nothing is loaded twice."
)
GONE = "The process that ran it is gone: killed, out of memory, or the machine restarted."
_SECONDS_BETWEEN_LOOKS = 1.0
# Between a run's start and its tag lie some milliseconds of a process that may be short of time.
UNTAGGED_FOR = timedelta(seconds=60)
_HAVE_OR_HAD_A_PROCESS = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
# The files stay open, and locked, for as long as the process lives. A forked process needs a lock of its own.
_held: dict[tuple[int, Path], str] = {}


def tag_of_this_process(instance: dg.DagsterInstance, run_id: str) -> dict[str, str]:
    """Return the tag of a run that this process executes; the lock is held until the process ends."""
    key = os.getpid(), _folder(instance)
    if key not in _held:
        _held[key] = _new_lock(key[1])
    # A run that is executed again in the UI gets the tags of the first one.
    return {PROCESS_TAG: f"{run_id}/{_held[key]}"}


def is_dead(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Say whether the process of an unfinished run is gone; a run that waits in the queue has none yet."""
    if run.status not in _HAVE_OR_HAD_A_PROCESS:
        return False
    run_id, _, lock = run.tags.get(PROCESS_TAG, "").partition("/")
    if run_id == run.run_id and not is_free(_folder(instance) / Path(lock).name):
        return False
    # Looked at after the lock: a process records the end of its run before it ends itself.
    record = instance.get_run_record_by_id(run.run_id)
    if record is None or record.dagster_run.is_finished:
        return False
    return run_id == run.run_id or datetime.now(UTC) - record.update_timestamp > UNTAGGED_FOR


def runs_under_way(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Return the refreshes that are running or waiting to; not those whose process is gone."""
    runs = instance.get_runs(dg.RunsFilter(job_name=REFRESH, statuses=_UNDER_WAY))
    return [run for run in runs if not is_dead(instance, run)]


def end_dead_runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """End every run whose process is gone, of whichever job, and return them."""
    unfinished = instance.get_runs(dg.RunsFilter(statuses=_HAVE_OR_HAD_A_PROCESS))
    dead = [run for run in unfinished if is_dead(instance, run)]
    for run in dead:
        end(instance, run)
    return dead


def end(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Report a dead run as failed, or as cancelled if that was asked for, and free the pool that it held."""
    if run.status == dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, GONE)
    else:
        instance.report_run_failed(run, GONE)
    instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _folder(instance: dg.DagsterInstance) -> Path:
    return Path(instance.root_directory) / "processes"


def _new_lock(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for older in folder.glob("*.lock"):
        if is_free(older):
            older.unlink(missing_ok=True)
    # Locked before it has the name by which others look for locks of dead processes.
    new = folder / f"{uuid.uuid4()}.new"
    hold(new)
    return new.rename(new.with_suffix(".lock")).name


class OwningExecutor(dg.Executor):
    """Dagster's executor in one process, for a run that is tagged with this process."""

    def __init__(self, steps: dg.Executor) -> None:
        self._steps = steps

    @property
    def retries(self) -> Any:
        """Return how failed steps are tried again, as the executor of the steps does."""
        return self._steps.retries

    @property
    def step_dependency_config(self) -> Any:
        """Return when a step may begin, as the executor of the steps does."""
        return self._steps.step_dependency_config

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[dg.DagsterEvent]:
        """Tag the run, wait until no other refresh is under way, and execute the steps."""
        instance, run = plan_context.instance, plan_context.dagster_run
        instance.add_run_tags(run.run_id, tag_of_this_process(instance, run.run_id))
        if REFRESH_TAG not in run.tags:
            yield from self._steps.execute(plan_context, execution_plan)
            return
        while True:
            with locked(Path(instance.root_directory) / LOCK) as is_ours:
                if is_ours:
                    yield from self._steps.execute(plan_context, execution_plan)
                    return
            current = instance.get_run_by_id(run.run_id)
            if current is None or current.status == dg.DagsterRunStatus.CANCELING:
                raise dg.DagsterExecutionInterruptedError
            time.sleep(_SECONDS_BETWEEN_LOOKS)


@dg.executor(name="in_process", config_schema=dg.in_process_executor.config_schema.as_field())
def owning_executor(context: dg.InitExecutorContext) -> OwningExecutor:
    """Execute the steps in the run's process, with the options of Dagster's own executor."""
    create = dg.in_process_executor.executor_creation_fn
    assert create is not None, "Dagster's executor can be created"
    return OwningExecutor(create(context))


class HealthCheckedLauncher(dg.DefaultRunLauncher):
    """Launches as Dagster does, and ends runs whose process is gone."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Make the daemon ask."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """End the run if its process is gone, and send the alert."""
        if not is_dead(self._instance, run):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        end(self._instance, run)
        _alert(self._instance, run)
        return CheckRunHealthResult(WorkerStatus.FAILED, GONE)


def _alert(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    # Every process of Dagster loads the launcher; only the alert needs the whole project.
    from orchestration.failures import report_failure
    from orchestration.settings import SettingsError, read_settings

    log = logging.getLogger("dagster.throughline")
    try:
        report_failure(instance, run.run_id, read_settings(), log)
    except SettingsError as error:
        log.error(f"The alert about run {run.run_id[:8]} was not sent: {error}")


@contextmanager
def termination_as_interrupt() -> Iterator[list[str]]:
    """Interrupt the block when the process is asked to end; the signal's name is then in the list."""
    asked: list[str] = []

    def interrupt(number: int, _: FrameType | None) -> None:
        asked.append(signal.Signals(number).name)
        # Dagster ends its run, and dbt with it, on this one only, which whatever a script starts with & ignores.
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        os.kill(os.getpid(), signal.SIGINT)

    interrupted_by = signal.getsignal(signal.SIGINT)
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupted_by)


def interrupted_sentence(error: Any) -> str:
    """Say that a step was interrupted by a signal that Dagster itself handled; empty for any other error."""
    while error is not None:
        if error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
            return (
                "The run was ended from outside, by SIGTERM or Ctrl+C. Run it again; nothing is loaded twice, and"
                " nothing was published."
            )
        error = error.cause or error.context
    return ""


def killed_sentence(code: int) -> str:
    """Say that a program was ended by a signal; its exit code is the signal's number below nought."""
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if -code == signal.SIGKILL:
        return (
            f"dbt was killed ({name}), as the system does when memory runs out. Lower WAREHOUSE_MEMORY or make room,"
            " and run again; nothing was published."
        )
    return f"dbt was ended from outside ({name}). Run again; nothing was published."
