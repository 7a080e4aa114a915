"""Why a run failed, in words: the alert of it, sent once whoever ran it, and a full disk in one sentence."""

import errno
import logging
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.alerts import Alert, Finding, first_sentence, send_alert, without_values
from orchestration.assets.changes import PUBLISHED_KEY
from orchestration.assets.checks import EXPECTATIONS
from orchestration.assets.ingest import SOURCE_LOADED
from orchestration.assets.publish import SOURCES_COMPLETE
from orchestration.processes import interrupted_sentence
from orchestration.settings import Settings

_REPORTED = "throughline/failure_reported"
_RUN_AGAIN = "Fix the cause and run again; nothing is loaded twice."
_OTHERS_PUBLISHED = f"The marts are published with what the other sources brought. {_RUN_AGAIN}"
_CHECK = (
    "Nothing was published and readers keep what they have. The check's page in the UI shows what it found."
)
_STEP = f"The run's page in the UI has the whole error. {_RUN_AGAIN}"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_BLOCKED = "DagsterAssetCheckFailedError"
_DBT_NODE = re.compile(r"\bin (model|test|seed|snapshot|unit_test|operation) ")
_FULL = {errno.ENOSPC, errno.EDQUOT}
# As the operating system, SQLite and DuckDB say it; the last two reach us as text, through dbt.
_SAYS_FULL = re.compile(
    r"No space left on device|Disk quota exceeded|database or disk is full|disk is full\b|max_temp_directory_size",
    re.IGNORECASE,
)
_LEAST = 512 * 1024**2
_LEAST_HOME = 64 * 1024**2


def report_failure(
    instance: dg.DagsterInstance, run_id: str, settings: Settings, log: logging.Logger
) -> None:
    """Send the alert of a failed run, unless that was done."""
    run = instance.get_run_by_id(run_id)
    # A run that is executed again in the UI gets the tags of the first one.
    if run is None or run.tags.get(_REPORTED) == run_id:
        return
    instance.add_run_tags(run_id, {_REPORTED: run_id})
    send_alert(alert_of(instance, run), settings, log)


def alert_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Alert:
    """Say which run failed, where, why and what to do."""
    events = [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.dagster_event]
    return Alert(f"run {run.run_id[:8]} of {run.job_name} failed.", list(_findings(events)))


def _findings(events: Sequence[dg.DagsterEvent]) -> Iterator[Finding]:
    # Every table of a source says the same of it.
    found = dict.fromkeys([*_failed_checks(events), *_failed_steps(events)])
    yield from found
    if not found:
        ends = [event.message for event in events if event.event_type == dg.DagsterEventType.RUN_FAILURE]
        yield Finding("the run", first_sentence(ends[-1] or "" if ends else ""), _STEP)


def _failed_checks(events: Sequence[dg.DagsterEvent]) -> Iterator[Finding]:
    is_published = any(event.is_step_materialization and event.asset_key == PUBLISHED_KEY for event in events)
    for event in events:
        if event.event_type != dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            continue
        check = event.asset_check_evaluation_data
        if check.passed or check.severity != dg.AssetCheckSeverity.ERROR:
            continue
        if check.check_name == SOURCE_LOADED:
            source, _, message = (check.description or "").partition(": failed. ")
            to_do = _OTHERS_PUBLISHED if is_published else _RUN_AGAIN
            yield Finding(f"source {source}", first_sentence(message), to_do)
        elif check.check_name != SOURCES_COMPLETE:
            step = (event.step_key or "").replace("__", " ")
            where = f"{step}, check {check.check_name} of {check.asset_key.to_user_string()}"
            yield Finding(where, _cause_of(check), _CHECK)


def _cause_of(check: dg.AssetCheckEvaluation) -> str:
    """Say what a check expected and how many rows broke it; its description also has the keys of rows."""
    if check.check_name != EXPECTATIONS:
        return "the test failed."
    verdict: Any = check.metadata["findings"].value
    critical = [each for each in verdict["findings"] if not each["passed"] and each["severity"] == "critical"]
    worst = critical[0]
    more = f" (and {len(critical) - 1} more)" if len(critical) > 1 else ""
    if worst["cause"]:
        return f"{worst['expectation']}: it could not be tested{more}."
    return f"{worst['expectation']}: not so for {worst['unexpected']:,} row(s){more}."


def _failed_steps(events: Sequence[dg.DagsterEvent]) -> Iterator[Finding]:
    for event in events:
        error = event.step_failure_data.error if event.is_step_failure else None
        if error is not None and (error.cause or error).cls_name != _BLOCKED:
            step = (event.step_key or "").replace("__", " ")
            yield Finding(step, _cause_of_step(cause_of_error(error)), _STEP)


def _cause_of_step(cause: str) -> str:
    """Of what dbt says, take which nodes failed: the lines below quote values."""
    of_dbt = [line.strip() for line in cause.splitlines() if _DBT_NODE.search(line)]
    return without_values("; ".join(of_dbt)) + "." if of_dbt else first_sentence(cause)


def cause_of_error(error: Any) -> str:
    """Return what lies at the bottom of an error, in the words of whoever raised it."""
    if sentence := interrupted_sentence(error):
        return sentence
    while error.cause is not None:
        error = error.cause
    message = _COLOUR.sub("", str(error.message)).strip()
    _, found, from_dbt = message.partition("Errors parsed from dbt logs:")
    if found:
        message = "dbt found errors" + from_dbt
    else:
        message = message.removeprefix(f"{error.cls_name}: ").rpartition(f"{error.cls_name}: ")[2]
    return "\n".join(line for line in message.splitlines() if line.strip())


def is_full_disk(error: BaseException | None) -> bool:
    """Say whether an error, or one that caused it, is that of a full disk."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if getattr(error, "errno", None) in _FULL or says_full_disk(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def says_full_disk(text: str) -> bool:
    """Say whether a program's words are those of a full disk."""
    return bool(_SAYS_FULL.search(text))


def sentence_about(settings: Settings, home: Path) -> str:
    """Say which disk lacks room for a refresh, and how much it needs; nothing of the marts has changed."""
    lacking = []
    for device, (folders, needed) in _needs(settings, home).items():
        free = shutil.disk_usage(device).free
        lacking.append((free - needed, device, folders, needed, free))
    lacking.sort()
    short = [each for each in lacking if each[0] < 0] or lacking[:1]
    disks = "; ".join(
        f"the disk of {' and '.join(map(str, folders))} has {_size(free)} free, and a refresh needs about"
        f" {_size(needed)}"
        for _, _, folders, needed, free in short
    )
    return (
        f"A disk is full: {disks}. Make room and run again: nothing is lost, and the marts are as they were."
    )


def _needs(settings: Settings, home: Path) -> dict[Path, tuple[list[Path], int]]:
    """Add up by disk what a refresh writes before it removes anything."""
    published = settings.marts.with_name(f"{settings.marts.stem}_parquet")
    wanted = [
        # A rebuild writes a table before it drops the old one; sorts and joins spill next to the file.
        (settings.warehouse.parent, max(_LEAST, _bytes(settings.warehouse))),
        # The new version, what readers open, and Parquet.
        (settings.marts.parent, max(_LEAST, 2 * _bytes(settings.marts) + _bytes(published))),
        (home, _LEAST_HOME),
    ]
    found: dict[int, tuple[Path, list[Path], int]] = {}
    for folder, needed in wanted:
        there = next(above for above in (folder, *folder.parents) if above.exists())
        device = there.stat().st_dev
        path, folders, more = found.get(device, (there, [], 0))
        found[device] = path, list(dict.fromkeys([*folders, folder])), more + needed
    return {path: (folders, needed) for path, folders, needed in found.values()}


def _bytes(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.iterdir() if file.is_file())
    return path.stat().st_size if path.exists() else 0


def _size(count: int) -> str:
    return f"{count / 1024**3:.1f} GB" if count >= 1024**3 else f"{count // 1024**2:,} MB"
