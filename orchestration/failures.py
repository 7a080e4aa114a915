"""The alert of a run that failed, sent once whoever ran it: the daemon's sensor, or the process of the run itself."""

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.alerts import Alert, Finding, first_sentence, tell, without_values
from orchestration.automation import refresh
from orchestration.earlier_runs import PUBLISHED_KEY
from orchestration.ingest import SOURCE_LOADED
from orchestration.publish import SOURCES_COMPLETE
from orchestration.quality import EXPECTATIONS
from orchestration.settings import Settings
from orchestration.summary import cause_of_error

_TOLD = "throughline/failure_told"
_RUN_AGAIN = "Fix the cause and run again; nothing is loaded twice."
_OTHERS_PUBLISHED = f"The marts are published with what the other sources brought. {_RUN_AGAIN}"
_CHECK = (
    "Nothing was published and readers keep what they have. The check's page in the UI shows what it found."
)
_STEP = f"The run's page in the UI has the whole error. {_RUN_AGAIN}"
_BLOCKED = "DagsterAssetCheckFailedError"
_DBT_NODE = re.compile(r"\bin (model|test|seed|snapshot|unit_test|operation) ")


def tell_of_failure(
    instance: dg.DagsterInstance, run_id: str, settings: Settings, log: logging.Logger
) -> None:
    """Tell of a failed run, unless that was done."""
    run = instance.get_run_by_id(run_id)
    # A run that is executed again in the UI gets the tags of the first one.
    if run is None or run.tags.get(_TOLD) == run_id:
        return
    instance.add_run_tags(run_id, {_TOLD: run_id})
    tell(alert_of(instance, run), settings, log)


def alert_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Alert:
    """Say which run failed, where, why and what to do."""
    events = [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.dagster_event]
    return Alert(f"run {run.run_id[:8]} of {run.job_name} failed.", list(_findings(events)))


@dg.run_failure_sensor(
    monitored_jobs=[refresh],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reports every refresh that failed: in the log, and to ALERTS_WEBHOOK_URL where that is set.",
)
def failed_refresh(context: dg.RunFailureSensorContext, settings: dg.ResourceParam[Settings]) -> None:
    """Hear of a run that the daemon started and that failed."""
    tell_of_failure(context.instance, context.dagster_run.run_id, settings, context.log)


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
