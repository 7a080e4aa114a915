"""Which process executes a run, whoever started it, and the end of runs whose process is gone.

The process that executes a run holds a lock on a file of its own under DAGSTER_HOME, and the run is tagged with the
file's name. The kernel frees the lock when the process dies, by whatever cause. Process ids and host names would not
do: after a reboot or in a new container another process may have the id, and the host another name.
"""

import fcntl
import os
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

PROCESS_TAG = "throughline/process"
GONE = "The process that ran it is gone: killed, out of memory, or the machine restarted."
# Between a run's start and its tag lie some milliseconds of a process that may be short of time.
UNTAGGED_FOR = timedelta(seconds=60)
_HAVE_OR_HAD_A_PROCESS = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
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
    if run_id == run.run_id and not _is_free(_folder(instance) / Path(lock).name):
        return False
    # Looked at after the lock: a process records the end of its run before it ends itself.
    record = instance.get_run_record_by_id(run.run_id)
    if record is None or record.dagster_run.is_finished:
        return False
    return run_id == run.run_id or datetime.now(UTC) - record.update_timestamp > UNTAGGED_FOR


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
        if _is_free(older):
            older.unlink(missing_ok=True)
    # Locked before it has the name by which others look for locks of dead processes.
    new = folder / f"{uuid.uuid4()}.new"
    fcntl.flock(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), fcntl.LOCK_EX)
    return new.rename(new.with_suffix(".lock")).name


def _is_free(lock: Path) -> bool:
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True
