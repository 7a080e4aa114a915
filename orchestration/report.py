"""What runs did, as a person wants to read it: the summary of a refresh, and the last runs for the dashboards.

Past runs quote no values of records, as alerts do not either.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from orchestration.assets.changes import PUBLISHED_KEY
from orchestration.assets.ingest import RAW_TABLES, SOURCE_LOADED, raw_key
from orchestration.failures import alert_of, cause_of_error
from orchestration.settings import Settings
from storage.sessions import open_file

LAYERS = ("raw", "seeds", "staging", "intermediate", "marts")
_COUNTS = ("records_read", "records_loaded", "records_duplicate", "records_rejected")
_SHOWN_CHECKS = 12
_HOME = "DAGSTER_HOME"


@dataclass
class RunSummary:
    """What happened in a run, taken from its events."""

    metadata: dict[dg.AssetKey, Mapping[str, Any]] = field(default_factory=dict)
    checks: list[dg.AssetCheckEvaluation] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def failed_checks(self, severity: dg.AssetCheckSeverity) -> list[dg.AssetCheckEvaluation]:
        """Return the checks of a severity that did not pass."""
        return [check for check in self.checks if not check.passed and check.severity == severity]


def summarise(events: Sequence[dg.DagsterEvent]) -> RunSummary:
    """Take from a run's events what the summary says."""
    summary = RunSummary()
    for event in events:
        if event.is_step_materialization:
            materialization = event.step_materialization_data.materialization
            values = {name: entry.value for name, entry in materialization.metadata.items()}
            summary.metadata[materialization.asset_key] = values
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            summary.checks.append(event.asset_check_evaluation_data)
        elif event.is_step_failure and event.step_key is not None:
            error = event.step_failure_data.error
            summary.errors[event.step_key] = cause_of_error(error) if error else "no cause is known"
    return summary


def lines_of(summary: RunSummary, settings: Settings, docs: Path | None) -> Iterator[str]:
    """Write the summary of a run."""
    yield from _sources(summary)
    yield from _layers(settings.warehouse)
    yield from _checks(summary)
    yield from _failures(summary)
    yield from _places(summary, settings, docs)


def _sources(summary: RunSummary) -> Iterator[str]:
    yield ""
    yield f"{'Sources':<12}{'read':>12}{'loaded':>12}{'duplicate':>12}{'rejected':>12}"
    for source, tables in RAW_TABLES.items():
        loads = [summary.metadata[raw_key(name)] for name in tables if raw_key(name) in summary.metadata]
        if not loads:
            continue
        if loads[0]["status"] == "not_configured":
            yield f"  {source:<10}not configured: {loads[0]['message']}"
            continue
        counts = [sum(int(load[count]) for load in loads) for count in _COUNTS]
        failed = "   FAILED" if loads[0]["status"] == "failed" else ""
        yield f"  {source:<10}{''.join(f'{count:>12,}' for count in counts)}{failed}"
        yield from (f"            {line}" for line in str(loads[0]["message"]).splitlines())


def _layers(warehouse: Path) -> Iterator[str]:
    if not warehouse.exists():
        return
    try:
        connection = open_file(warehouse, read_only=True)
    except duckdb.IOException:
        # Somebody else has it open to write, so steps failed that needed it, and say so themselves.
        return
    yield ""
    yield f"{'Layers':<16}{'tables':>8}{'rows':>14}"
    with closing(connection):
        for layer in LAYERS:
            tables = connection.execute(
                "select table_name from duckdb_tables()"
                " where schema_name = ? and not starts_with(table_name, '_dlt')",
                [layer],
            ).fetchall()
            if tables:
                counts = " union all ".join(
                    f'select count(*) as rows from {layer}."{name}"' for (name,) in tables
                )
                rows = connection.execute(f"select sum(rows) from ({counts})").fetchone()
                yield f"  {layer:<14}{len(tables):>8,}{int(rows[0]) if rows else 0:>14,}"


def _checks(summary: RunSummary) -> Iterator[str]:
    errors = summary.failed_checks(dg.AssetCheckSeverity.ERROR)
    warnings = summary.failed_checks(dg.AssetCheckSeverity.WARN)
    passed = len(summary.checks) - len(errors) - len(warnings)
    yield ""
    yield f"Checks: {passed:,} passed, {len(warnings):,} with warnings, {len(errors):,} failed"
    for mark, checks in (("failed", errors), ("warning", warnings)):
        alike: dict[tuple[str, str], list[str]] = {}
        for check in checks:
            if check.check_name == SOURCE_LOADED:
                continue  # reported with the source
            said = (check.check_name, check.description or "")
            alike.setdefault(said, []).append(check.asset_key.to_user_string())
        for (name, description), tables in list(alike.items())[:_SHOWN_CHECKS]:
            others = f" and {len(tables) - 1} more" if len(tables) > 1 else ""
            yield f"  {mark:<8}{tables[0]}{others}: {name}"
            yield from (f"          {line}" for line in description.splitlines())
        if len(alike) > _SHOWN_CHECKS:
            yield f"  {mark:<8}and {len(alike) - _SHOWN_CHECKS} more"


def _failures(summary: RunSummary) -> Iterator[str]:
    if summary.errors:
        yield ""
        yield "What went wrong"
    for step, cause in summary.errors.items():
        first, *rest = cause.splitlines() or [""]
        yield f"  {step.replace('__', ' ')}: {first}"
        yield from (f"    {line}" for line in rest[:_SHOWN_CHECKS])


def _places(summary: RunSummary, settings: Settings, docs: Path | None) -> Iterator[str]:
    published = summary.metadata.get(PUBLISHED_KEY)
    yield ""
    if published is None and not summary.errors and not summary.failed_checks(dg.AssetCheckSeverity.ERROR):
        yield "Published: nothing has changed since the marts were made, so nothing was built"
    elif published is None:
        yield "Nothing was published; the marts are as they were."
    elif published["status"] == "unchanged":
        yield f"Published: nothing has changed, the marts are still version {published['version']}"
    else:
        yield f"Published: version {published['version']}"
    places = {
        "marts": settings.marts,
        "Parquet": settings.marts.with_name(f"{settings.marts.stem}_parquet"),
        "data dictionary": settings.marts.with_name("data_dictionary.html"),
        "Data Docs": docs,
    }
    for name, place in places.items():
        if place is not None and place.exists():
            yield f"  {name:<16}{_short(place)}"


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


@dataclass(frozen=True)
class Check:
    """A check that did not pass: of which table, whether it stopped the run, and what it says."""

    table: str
    name: str
    is_error: bool


@dataclass(frozen=True)
class PastRun:
    """A run; instants are UTC and without an offset, `ended_at` is None while it runs."""

    run_id: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    problems: tuple[str, ...]
    checks_passed: int
    checks_not_passed: tuple[Check, ...]

    @property
    def minutes(self) -> float | None:
        """How long it took; None while it runs."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds() / 60


@dataclass(frozen=True)
class _Findings:
    problems: tuple[str, ...] = ()
    passed: int = 0
    not_passed: tuple[Check, ...] = ()


def last_runs(most: int = 10) -> list[PastRun]:
    """Return the last runs of the instance in `DAGSTER_HOME`, the latest first; none if there is no such instance."""
    home = Path(os.environ.get(_HOME, ""))
    if not os.environ.get(_HOME) or not (home / "history").exists():
        return []
    with dg.DagsterInstance.get() as instance:
        return [_past_run(instance, record) for record in instance.get_run_records(limit=most)]


def _past_run(instance: dg.DagsterInstance, record: dg.RunRecord) -> PastRun:
    run = record.dagster_run
    found = _findings(_Ended(instance, run)) if run.is_finished else _Findings()
    return PastRun(
        run.run_id,
        run.status.value.lower(),
        _instant(record.start_time),
        _instant(record.end_time),
        found.problems,
        found.passed,
        found.not_passed,
    )


class _Ended:
    """A run that has ended, as a key: what it found never changes."""

    def __init__(self, instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
        self.instance, self.run = instance, run

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ended) and self.run.run_id == other.run.run_id

    def __hash__(self) -> int:
        return hash(self.run.run_id)


@lru_cache(maxsize=100)
def _findings(ended: _Ended) -> _Findings:
    """Return what went wrong, how many checks passed, and which did not. Reads some 2,000 events of a refresh."""
    instance, run = ended.instance, ended.run
    problems: tuple[str, ...] = ()
    if run.status == dg.DagsterRunStatus.FAILURE:
        problems = tuple(f"{each.where}: {each.cause}" for each in alert_of(instance, run).findings)
    records = instance.get_records_for_run(
        run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ).records
    checks = [
        record.event_log_entry.dagster_event.asset_check_evaluation_data
        for record in records
        if record.event_log_entry.dagster_event is not None
    ]
    not_passed = tuple(
        Check(each.asset_key.to_user_string(), each.check_name, each.severity == dg.AssetCheckSeverity.ERROR)
        for each in checks
        if not each.passed
    )
    return _Findings(problems, sum(each.passed for each in checks), not_passed)


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
