"""The table of contents: every asset, check, job, schedule and sensor of the code location.

What starts a refresh by itself are a daily and an hourly schedule, and a sensor on the landing folders. Two more
sensors report a failed refresh, and marts that become stale.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from ingestion.sources import SOURCES
from orchestration.alerts import Alert, Finding, send_alert
from orchestration.assets.changes import PUBLISHED_KEY, digest_of_files, landed_files
from orchestration.assets.checks import every_figure_is_as_expected, every_location_is_heard, gate
from orchestration.assets.dbt_project import Layers, dbt_resource, keys_of_layer, prepared_project
from orchestration.assets.ingest import ledger_assets, source_assets
from orchestration.assets.publish import (
    VERSION,
    audience_assets,
    exposures,
    published_assets,
    sources_complete,
)
from orchestration.assets.transform import transformed_assets
from orchestration.failures import report_failure
from orchestration.processes import REFRESH, REFRESH_TAG, owning_executor, runs_under_way
from orchestration.settings import Settings, protect, read_settings
from publishing import PublishError, kept_versions

# A file that changed less than this ago may still be growing.
SETTLED_AFTER = timedelta(seconds=10)
_SECONDS_BETWEEN_LOOKS = 15 * 60
_SEE_SCHEDULES = "See in the UI whether a schedule is on and why the last runs failed."

refresh = dg.define_asset_job(
    name=REFRESH,
    selection=dg.AssetSelection.all(),
    description="Everything: load what is new, check it, build and test the models, check them, publish.",
    tags={REFRESH_TAG: "true"},
    executor_def=owning_executor,
)


def _unless_under_way(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    if runs_under_way(context.instance):
        return dg.SkipReason("A refresh is under way already.")
    return dg.RunRequest()


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
    files, problems = landed_files()
    for problem in problems:
        context.log.warning(problem)
    seen = digest_of_files(files)
    if seen == context.cursor:
        return dg.SkipReason("Nothing new has landed.")
    if any(file.modified_at > datetime.now(UTC) - SETTLED_AFTER for file in files):
        return dg.SkipReason("A file has just changed; it may still be growing.")
    if not files:
        return dg.SensorResult(skip_reason="Nothing has landed yet.", cursor=seen)
    if runs_under_way(context.instance):
        return dg.SkipReason("A refresh is under way already; what has landed comes next.")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=seen)


@dg.sensor(
    minimum_interval_seconds=_SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reports once a day that the published marts are older than MARTS_STALE_AFTER_HOURS.",
)
def stale_marts(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult | dg.SkipReason:
    """Look how old the marts are; the cursor is the day on which it was sent last."""
    try:
        seen = _last_seen_right(context.instance, settings)
    except PublishError as error:
        return dg.SkipReason(str(error))
    if seen is None:
        return dg.SkipReason("Nothing is published yet.")
    now = datetime.now(UTC)
    age = now - seen
    said = f"the published marts are of {seen:%Y-%m-%d %H:%M} UTC, {age / timedelta(hours=1):.0f} hours ago."
    if age <= timedelta(hours=settings.stale_after_hours):
        return dg.SkipReason(f"Fresh enough: {said}")
    today = f"{now:%Y-%m-%d}"
    if context.cursor == today:
        return dg.SkipReason(f"Sent today already: {said}")
    limit = f"They may be {settings.stale_after_hours} hours old."
    send_alert(
        Alert("the marts are stale.", [Finding("marts", f"{said} {limit}", _SEE_SCHEDULES)]),
        settings,
        context.log,
    )
    return dg.SensorResult(skip_reason=f"Sent: {said}", cursor=today)


def _last_seen_right(instance: dg.DagsterInstance, settings: Settings) -> datetime | None:
    """When the published version was built, or found unchanged by a later run; None where there is none."""
    current, versions = kept_versions(settings.marts)
    published = next((version for version in versions if version.name == current), None)
    if published is None:
        return None
    built = datetime.fromisoformat(published.run_at)
    event = instance.get_latest_materialization_event(PUBLISHED_KEY)
    if event is None or event.asset_materialization is None:
        return built
    # After a rollback the latest run speaks of another version.
    confirms = event.asset_materialization.metadata[VERSION].value == current
    return max(built, datetime.fromtimestamp(event.timestamp, UTC)) if confirms else built


@dg.run_failure_sensor(
    monitored_jobs=[refresh],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reports every refresh that failed: in the log, and to ALERTS_WEBHOOK_URL where that is set.",
)
def failed_refresh(context: dg.RunFailureSensorContext, settings: dg.ResourceParam[Settings]) -> None:
    """Hear of a run that the daemon started and that failed."""
    report_failure(context.instance, context.dagster_run.run_id, settings, context.log)


@dg.definitions
def defs() -> dg.Definitions:
    """Load the code location with the settings of the environment; importing this module does nothing."""
    settings = read_settings()
    protect(settings, Path(os.environ.get("DAGSTER_HOME") or "orchestration/instance"))
    return definitions(settings)


def definitions(settings: Settings) -> dg.Definitions:
    """Put everything together."""
    project = prepared_project(settings)
    sources = [source_assets(source) for source in SOURCES]
    models = transformed_assets(project, Layers(settings.freshness))
    marts = keys_of_layer(models, "marts")
    return dg.Definitions(
        assets=[
            *sources,
            ledger_assets,
            models,
            published_assets(marts, project.manifest_path, settings.freshness),
            *audience_assets(settings.audiences),
            *exposures(project.manifest_path),
        ],
        asset_checks=[
            gate("raw_gate", "raw", [key for each in sources for key in each.keys]),
            gate("ledger_gate", "raw", ledger_assets.keys),
            gate("marts_gate", "marts", marts),
            sources_complete,
            every_location_is_heard,
            every_figure_is_as_expected,
        ],
        jobs=[refresh],
        schedules=[refresh_daily, refresh_hourly],
        sensors=[new_landing_files, failed_refresh, stale_marts],
        resources={"settings": settings, "dbt": dbt_resource(project, settings.engine)},
        executor=owning_executor,
    )
