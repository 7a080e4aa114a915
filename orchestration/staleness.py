"""The alert of marts that grow old: nobody refreshes them, or every refresh fails. Sent once a day."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.alerts import Alert, Finding, tell
from orchestration.earlier_runs import PUBLISHED_KEY
from orchestration.publish import VERSION
from orchestration.settings import Settings
from publishing import PublishError, kept_versions

_SECONDS_BETWEEN_LOOKS = 15 * 60
_TO_DO = "See in the UI whether a schedule is on and why the last runs failed."


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
    tell(Alert("the marts are stale.", [Finding("marts", f"{said} {limit}", _TO_DO)]), settings, context.log)
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
