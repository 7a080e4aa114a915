"""The last runs as the dashboards show them: when, how they ended and why, and what their checks found.

It quotes no values of records, as alerts do not either.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import dagster as dg
from dagster._core.storage.dagster_run import RunRecord

from orchestration.failures import alert_of

_HOME = "DAGSTER_HOME"


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


def _past_run(instance: dg.DagsterInstance, record: RunRecord) -> PastRun:
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
