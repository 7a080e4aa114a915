"""`python -m orchestration.refresh`: the whole pipeline once, in this process, recorded for Dagster's UI.

Prints what it does and what came of it. All that dbt, dlt and Dagster say goes to `refresh.log` beside the
warehouse. Exit code 1 when the run failed.
"""

import argparse
import logging
import os
import socket
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import dagster as dg

from orchestration.alerts import Alert, Finding, tell
from orchestration.automation import refresh, runs_under_way
from orchestration.clock import run_clock
from orchestration.definitions import definitions
from orchestration.failures import tell_of_failure
from orchestration.lock import locked
from orchestration.new_inputs import REBUILD_TAG
from orchestration.progress import Progress
from orchestration.settings import Settings, SettingsError, read_settings
from orchestration.summary import lines_of, summarise
from orchestration.transform import ProjectError

_PROCESS = "throughline/process"
_SEE_LOG = "Run the refresh by hand: it says why. Mend the project and run again."
_DEFAULT_HOME = Path(__file__).parent / "instance"


def main(arguments: list[str] | None = None) -> int:
    """Refresh and print what was done; 0 when the run succeeded, 1 when it failed or could not start."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.refresh", description=__doc__)
    parser.add_argument("--rebuild", action="store_true", help="build and publish even if nothing is new")
    options = parser.parse_args(arguments)
    home = Path(os.environ.get("DAGSTER_HOME") or _DEFAULT_HOME).absolute()
    os.environ["DAGSTER_HOME"] = str(home)
    try:
        settings = read_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    if not home.is_dir():
        print(f"DAGSTER_HOME is {home}, but there is no such folder.", file=sys.stderr)
        return 1
    # Before the log is opened: it is that of the refresh under way.
    with locked(home / "refresh.lock") as is_ours:
        if not is_ours:
            print("A refresh is under way already.")
            return 1
        return 0 if _refresh_alone(settings, rebuild=options.rebuild) else 1


def _refresh_alone(settings: Settings, *, rebuild: bool) -> bool:
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with (
        quiet_output(settings.warehouse.with_name("refresh.log")) as console,
        dg.DagsterInstance.get() as instance,
    ):
        for dead in end_runs_of_dead_processes(instance):
            tell_of_failure(instance, dead.run_id, settings, _log())
        if others := runs_under_way(instance):
            print(f"A refresh is under way already: run {others[0].run_id[:8]}.", file=console)
            return False
        return _refresh(instance, settings, console, rebuild=rebuild)


def _refresh(instance: dg.DagsterInstance, settings: Settings, console: TextIO, *, rebuild: bool) -> bool:
    print("Reading the project ...", file=console, flush=True)
    try:
        job = definitions(settings).resolve_job_def(refresh.name)
    except ProjectError as error:
        print(error, file=console)
        cause = Finding("dbt project", "dbt cannot read it.", _SEE_LOG)
        tell(Alert("the refresh could not start.", [cause]), settings, _log())
        return False
    run_id = str(uuid.uuid4())
    print(f"Refreshing (run {run_id[:8]})", file=console, flush=True)
    instance.add_event_listener(run_id, Progress(console))
    tags = {_PROCESS: _this_process()} | ({REBUILD_TAG: "true"} if rebuild else {})
    result = job.execute_in_process(instance=instance, run_id=run_id, raise_on_error=False, tags=tags)
    summary = summarise(result.all_events)
    clock = run_clock(instance, run_id, settings)
    docs = settings.data_docs / "latest" / "index.html"
    for line in lines_of(summary, settings, docs):
        print(line, file=console)
    if not result.success:
        tell_of_failure(instance, run_id, settings, _log())
    outcome = "succeeded" if result.success else "FAILED"
    print(f"\nThe run {outcome}; its clock was at {clock:%Y-%m-%d %H:%M:%S} UTC.", file=console)
    return result.success


@contextmanager
def quiet_output(log: Path) -> Iterator[TextIO]:
    """Send all output, that of subprocesses too, to the file `log`, and give a way to the real console.

    Errors are shown again only if one leaves the block: as the interpreter exits, DuckDB prints pages about
    instances that it leaked, which say nothing.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    output, errors = os.dup(1), os.dup(2)
    with log.open("w") as file, os.fdopen(os.dup(output), "w") as console:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield console
        except BaseException:
            sys.stderr.flush()
            os.dup2(errors, 2)
            raise
        finally:
            sys.stdout.flush()
            os.dup2(output, 1)
            os.close(output)
            os.close(errors)


def end_runs_of_dead_processes(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """End runs whose process was killed, free the pool that they held, and return them; nothing else would.

    For whoever has the lock: no other refresh by hand is alive on this machine, whichever process has its number now.
    """
    ended = []
    for run in runs_under_way(instance):
        host, _, _ = run.tags.get(_PROCESS, "").partition(":")
        if host == socket.gethostname():
            instance.report_run_failed(run, "The process that ran it is gone.")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
            ended.append(run)
    return ended


def _log() -> logging.Logger:
    return dg.get_dagster_logger("alerts")


def _this_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


if __name__ == "__main__":
    sys.exit(main())
