"""`python -m orchestration.refresh`: the whole pipeline once, in this process, recorded for Dagster's UI.

Prints what it does and what came of it. All that dbt, dlt and Dagster say goes to `refresh.log` next to
the warehouse; the logs of the few runs before are kept there too. Exit code 1 when the run failed.
"""

import argparse
import gc
import logging
import os
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import dagster as dg

# Dagster exports most tags' names, but not this one.
from dagster._core.storage.tags import REPOSITORY_LABEL_TAG

from orchestration.alerts import Alert, Finding, send_alert
from orchestration.assets.changes import REBUILD_TAG
from orchestration.assets.dbt_project import ProjectError
from orchestration.definitions import definitions, refresh
from orchestration.failures import is_full_disk, report_failure, says_full_disk, sentence_about
from orchestration.processes import (
    LOCK,
    SENTENCE,
    end_dead_runs,
    runs_under_way,
    tag_of_this_process,
    termination_as_interrupt,
)
from orchestration.report import lines_of, summarise
from orchestration.settings import Settings, SettingsError, protect, read_settings, run_clock
from printable import escaped, escaped_output
from storage.locks import locked

_SEE_LOG = "Run the refresh by hand: it says why. Fix the project and run again."
# The UI asks for this tag when it lists the runs of a job. Of a run that it starts itself, it is
# `<repository>@<location>`; the location is named in workspace.yaml.
REPOSITORY = "__repository__@throughline"
_SECONDS_BETWEEN_NEWS = 10.0
_WIDTH = 42
_ENDINGS = {
    dg.DagsterEventType.STEP_SUCCESS: "done",
    dg.DagsterEventType.STEP_FAILURE: "FAILED",
    dg.DagsterEventType.STEP_SKIPPED: "skipped",
}
_OLDER_LOGS = 5
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
    protect(settings, home)
    try:
        with locked(home / LOCK) as is_ours:
            if not is_ours:
                print(_under_way())
                return 1
            return _refresh_or_say_why_not(settings, rebuild=options.rebuild)
    except Exception as error:
        if not is_full_disk(error):
            raise
        print(sentence_about(settings, home), file=sys.stderr)
        return 1


def _refresh_or_say_why_not(settings: Settings, *, rebuild: bool) -> int:
    with termination_as_interrupt() as asked:
        try:
            succeeded = _refresh_alone(settings, rebuild=rebuild)
        except (KeyboardInterrupt, dg.DagsterExecutionInterruptedError):
            succeeded = False
            asked = asked or ["Ctrl+C"]
    if asked:
        print(SENTENCE.format(asked[0]))
    return 0 if succeeded else 1


def _under_way() -> str:
    with dg.DagsterInstance.get() as instance:
        started = [run for run in runs_under_way(instance) if run.status == dg.DagsterRunStatus.STARTED]
    named = f": run {started[0].run_id[:8]}" if started else ""
    return f"A refresh is under way already{named}."


def _refresh_alone(settings: Settings, *, rebuild: bool) -> bool:
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with dg.DagsterInstance.get() as instance:
        dead = end_dead_runs(instance)
        with quiet_output(new_log(settings.warehouse.with_name("refresh.log"))) as console:
            _report_dead_runs(dead, instance, settings)
            return _refresh(instance, settings, console, rebuild=rebuild)


def _report_dead_runs(dead: list[dg.DagsterRun], instance: dg.DagsterInstance, settings: Settings) -> None:
    for run in dead:
        report_failure(instance, run.run_id, settings, _log())


def _refresh(instance: dg.DagsterInstance, settings: Settings, console: TextIO, *, rebuild: bool) -> bool:
    print("Reading the project ...", file=console, flush=True)
    try:
        job = definitions(settings).resolve_job_def(refresh.name)
    except ProjectError as error:
        print(error, file=console)
        cause = Finding("dbt project", "dbt cannot read it.", _SEE_LOG)
        send_alert(Alert("the refresh could not start.", [cause]), settings, _log())
        return False
    # The project stays in memory to the end: garbage is looked for only in what comes after it.
    gc.freeze()
    run_id = str(uuid.uuid4())
    print(f"Refreshing (run {run_id[:8]})", file=console, flush=True)
    instance.add_event_listener(run_id, Progress(console))
    # Dagster's limit of time is for what its daemon launched: it cannot end this process.
    tags = {
        "dagster/max_runtime": "0",
        **tag_of_this_process(instance, run_id),
        REPOSITORY_LABEL_TAG: REPOSITORY,
    }
    tags |= {REBUILD_TAG: "true"} if rebuild else {}
    result = job.execute_in_process(instance=instance, run_id=run_id, raise_on_error=False, tags=tags)
    summary = summarise(result.all_events)
    clock = run_clock(instance, run_id, settings)
    docs = settings.data_docs / "latest" / "index.html"
    for line in lines_of(summary, settings, docs):
        print(escaped(line), file=console)
    if any(says_full_disk(cause) for cause in summary.errors.values()):
        print(f"\n{sentence_about(settings, Path(instance.root_directory))}", file=console)
    if not result.success:
        report_failure(instance, run_id, settings, _log())
    outcome = "succeeded" if result.success else "FAILED"
    print(f"\nThe run {outcome}; its clock was at {clock:%Y-%m-%d %H:%M:%S} UTC.", file=console)
    return result.success


def new_log(log: Path) -> Path:
    """Put the log of the run before aside under the time of its end, forget all but the last few, return `log`."""
    if log.exists():
        ended = datetime.fromtimestamp(log.stat().st_mtime, UTC)
        log.rename(log.with_name(f"{log.stem}-{ended:%Y%m%dT%H%M%S.%fZ}{log.suffix}"))
    older = sorted(log.parent.glob(f"{log.stem}-????????T*Z{log.suffix}"), reverse=True)
    for forgotten in older[_OLDER_LOGS:]:
        forgotten.unlink()
    return log


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
            with escaped_output():
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


def _log() -> logging.Logger:
    return dg.get_dagster_logger("alerts")


class Progress:
    """Hears the events of a run in this process and prints what they mean to `console`."""

    def __init__(self, console: TextIO) -> None:
        self._console = console
        self._started = self._last_news = time.monotonic()
        self._built = 0

    def __call__(self, entry: dg.EventLogEntry) -> None:
        """Hear an event."""
        event = entry.dagster_event
        if event is None or event.step_key is None:
            return
        if event.event_type == dg.DagsterEventType.STEP_START:
            self._started = self._last_news = time.monotonic()
            self._built = 0
        elif event.event_type in _ENDINGS:
            seconds = time.monotonic() - self._started
            ending = _ENDINGS[event.event_type]
            took = "" if ending == "skipped" else f"{seconds:>8.1f} s"
            self._print(f"  {_name_of(event.step_key):<{_WIDTH}}{ending:<8}{took}")
        elif event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION:
            self._built += 1
            if time.monotonic() - self._last_news > _SECONDS_BETWEEN_NEWS:
                self._last_news = time.monotonic()
                self._print(f"  {_name_of(event.step_key):<{_WIDTH}}{_tables(self._built)} so far")

    def _print(self, line: str) -> None:
        print(line.rstrip(), file=self._console, flush=True)


def _tables(count: int) -> str:
    return "1 table" if count == 1 else f"{count:,} tables"


def _name_of(step: str) -> str:
    return step.replace("__", " ")


if __name__ == "__main__":
    sys.exit(main())
