"""The alert of locations that send nothing, as the mart of completeness has it; each silence is reported once."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb

from ingestion.warehouse import opened
from orchestration.alerts import Alert, Finding, tell
from orchestration.earlier_runs import PUBLISHED_KEY, found_before
from orchestration.settings import WRITER_POOL, Settings
from printable import escaped

NAME = "every_location_is_heard"
_SILENT = "silent"
_TO_DO = (
    "Ask whether the location is open and its connection up; what it sends late is taken in by the next run."
)
_QUERY = """
    select source_system, nullif(location_id, '(all)'), coalesce(cast(last_record_at as varchar), ''), message
    from marts.mart_completeness
    where is_silent
    -- Where all of a source is silent, so is each of its places.
    qualify location_id = '(all)' or not bool_or(location_id = '(all)') over (partition by source_system)
    order by 1, 2
"""


@dataclass(frozen=True)
class Silence:
    """A location that should have sent something: since when it has not, and that in words."""

    location: str
    since: str
    message: str


@dg.asset_check(
    asset=PUBLISHED_KEY,
    name=NAME,
    pool=WRITER_POOL,
    description="Every location sends as often as it uses to. Warns, and reports those that fell silent.",
)
def every_location_is_heard(
    context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
) -> dg.AssetCheckResult:
    """Read who is silent, and tell of those who were not when this was last asked."""
    silences = _silences(settings.warehouse)
    reported = found_before(context.instance, NAME, context.run.run_id, _SILENT)
    if news := [silence for silence in silences if reported.get(silence.location) != silence.since]:
        findings = [Finding(silence.location, f"{silence.message}.", _TO_DO) for silence in news]
        tell(Alert(_title(len(news)), findings), settings, context.log)
    return dg.AssetCheckResult(
        passed=not silences,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(f"{silence.location}: {silence.message}." for silence in silences)
        or "No location is silent.",
        metadata={_SILENT: dg.MetadataValue.json({silence.location: silence.since for silence in silences})},
    )


def _title(count: int) -> str:
    return "a location has fallen silent." if count == 1 else f"{count} locations have fallen silent."


def _silences(warehouse: Path) -> list[Silence]:
    """Read who is silent; nobody where the warehouse has no such mart."""
    with closing(opened(warehouse, read_only=True)) as connection:
        try:
            rows = connection.execute(_QUERY).fetchall()
        except duckdb.CatalogException:
            return []
    return [_silence(*row) for row in rows]


def _silence(source: str, place: str | None, since: str, message: str) -> Silence:
    """Take from the mart's sentence what names the location once more; a name that people gave it stays."""
    if place:
        message = message.removeprefix(f"{source}, ")
    if message.startswith(f"{place or source} silent "):
        message = message.removeprefix(f"{place or source} ")
    return Silence(escaped(f"{source} {place}" if place else source), since, escaped(message.rstrip(".")))
