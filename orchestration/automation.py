"""What starts a refresh by itself: a daily and an hourly schedule, and a sensor on the landing folders."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import dagster as dg

from ingestion.errors import NotConfiguredError, SourceError
from ingestion.lines.landing import LandedFile, Landing, check_configured
from orchestration.executor import REFRESH_TAG, owning_executor
from orchestration.run_processes import is_dead

LANDED_SOURCES = ("web", "app", "marketing")
# A file that changed less than this ago may still be growing.
SETTLED_AFTER = timedelta(seconds=10)
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]

refresh = dg.define_asset_job(
    name="refresh",
    selection=dg.AssetSelection.all(),
    description="Everything: load what is new, check it, build and test the models, check them, publish.",
    tags={REFRESH_TAG: "true"},
    executor_def=owning_executor,
)


def _unless_under_way(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    if runs_under_way(context.instance):
        return dg.SkipReason("A refresh is under way already.")
    return dg.RunRequest()


def runs_under_way(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Return the refreshes that are running or waiting to; not those whose process is gone."""
    runs = instance.get_runs(dg.RunsFilter(job_name=refresh.name, statuses=_UNDER_WAY))
    return [run for run in runs if not is_dead(instance, run)]


@dg.schedule(job=refresh, cron_schedule="0 4 * * *", execution_timezone="UTC")
def refresh_daily(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Refresh at four in the morning, UTC."""
    return _unless_under_way(context)


@dg.schedule(job=refresh, cron_schedule="20 * * * *", execution_timezone="UTC")
def refresh_hourly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Refresh at twenty past each hour."""
    return _unless_under_way(context)


@dg.sensor(job=refresh, minimum_interval_seconds=60)
def new_landing_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Refresh when files were landed or changed; the cursor is a digest of what was there.

    A digest, not the newest time: a file may be delivered late with the time of its making.
    """
    files, problems = _landed_files()
    for problem in problems:
        context.log.warning(problem)
    seen = _digest(files)
    if seen == context.cursor:
        return dg.SkipReason("Nothing new has landed.")
    if any(file.modified_at > datetime.now(UTC) - SETTLED_AFTER for file in files):
        return dg.SkipReason("A file has just changed; it may still be growing.")
    if not files:
        return dg.SensorResult(skip_reason="Nothing has landed yet.", cursor=seen)
    if runs_under_way(context.instance):
        return dg.SkipReason("A refresh is under way already; what has landed comes next.")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=seen)


def _landed_files() -> tuple[list[LandedFile], list[str]]:
    """Every landed file, and why a folder could not be listed; a run will fail on that, aloud."""
    files: list[LandedFile] = []
    problems = []
    for source in LANDED_SOURCES:
        try:
            check_configured(source)
            files += Landing(source).list()
        except NotConfiguredError:
            continue
        except SourceError as error:
            problems.append(error.message)
    return files, problems


def _digest(files: list[LandedFile]) -> str:
    listing = sorted((file.url, file.size, file.modified_at.isoformat()) for file in files)
    return hashlib.sha256(json.dumps(listing).encode()).hexdigest()
