"""The checks that are not a model's own tests: two gates before publishing, two that alert after it.

Expectations judge the raw tables before dbt runs and the marts before they are published; a critical failure holds back
what comes after. When the marts are published, two checks read the marts of completeness and of business alerts, and
report what is new there once.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from expectations import Suite, Verdict, suite_for, suites_of, validate_each
from expectations.data_docs import start_run, write_index
from orchestration.alerts import Alert, Finding, send_alert
from orchestration.assets.changes import PUBLISHED_KEY, has_new_inputs
from orchestration.settings import WRITER_POOL, Settings, run_clock
from printable import escaped
from storage.sessions import open_file

EXPECTATIONS = "expectations"
LOCATIONS_ARE_HEARD = "every_location_is_heard"
_SILENT = "silent"
_ASK_LOCATION = (
    "Ask whether the location is open and its connection up; what it sends late is taken in by the next run."
)
_SILENT_LOCATIONS = """
    select source_system, nullif(location_id, '(all)'), coalesce(cast(last_record_at as varchar), ''), message
    from marts.mart_completeness
    where is_silent
    -- Where all of a source is silent, so is each of its places.
    qualify location_id = '(all)' or not bool_or(location_id = '(all)') over (partition by source_system)
    order by 1, 2
"""
FIGURES_ARE_EXPECTED = "every_figure_is_as_expected"
_BROKEN = "broken"
_LOOK_AT_FIGURE = (
    "Look at the page Operations of the dashboards, which shows the figure of the last four weeks."
)
_BROKEN_RULES = """
    select alert || ' ' || channel, message
    from marts.mart_business_alerts
    where is_alert and is_latest
    order by 1
"""


def gate(name: str, layer: str, tables: Iterable[dg.AssetKey]) -> dg.AssetChecksDefinition:
    """Make one blocking check per table of a layer, all in the op `name`; what depends on them waits for it.

    Tables without a suite have no check (a test says that every mart has one).
    """
    names = {key.path[-1] for key in tables}
    suites = [suite for suite in suites_of(layer) if suite.table in names]

    @dg.multi_asset_check(
        name=name,
        description=f"Judges every table of the layer {layer}; a critical failure stops what comes after.",
        specs=[_gate_spec(suite) for suite in suites],
        can_subset=True,
        pool=WRITER_POOL,
    )
    def checks(
        context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> Iterator[dg.AssetCheckResult]:
        if not has_new_inputs(context.instance, context.run, settings):
            context.log.info("Nothing is new since these tables were last judged.")
            return
        run_at = run_clock(context.instance, context.run.run_id, settings)
        docs = start_run(settings.data_docs, _name_of_run(run_at, context.run.run_id))
        url = f"{settings.data_docs_url.rstrip('/')}/{docs.name}" if settings.data_docs_url else ""
        keys = sorted(context.selected_asset_check_keys)
        chosen = [suite_for(f"{layer}.{key.asset_key.path[-1]}") for key in keys]
        verdicts = validate_each(
            chosen, settings.warehouse, docs=docs, docs_url=url, memory_limit=settings.memory_limit
        )
        for key, verdict in zip(keys, verdicts, strict=True):
            yield _gate_result(key, verdict, docs, is_served=bool(url))
        write_index(docs, run_at)

    return checks


def severity_of(verdict: Verdict) -> dg.AssetCheckSeverity:
    """Map a verdict's severity: only a critical failure is an error, and only errors hold anything back."""
    return dg.AssetCheckSeverity.ERROR if verdict.severity == "critical" else dg.AssetCheckSeverity.WARN


def _gate_spec(suite: Suite) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        EXPECTATIONS,
        asset=dg.AssetKey([suite.layer, suite.table]),
        description=f"{len(suite.rules)} expectations in expectations/{suite.layer}. {suite.grain}",
        blocking=True,
    )


def _gate_result(
    key: dg.AssetCheckKey, verdict: Verdict, docs: Path, *, is_served: bool
) -> dg.AssetCheckResult:
    # Browsers open no files from the page of a server: where nothing serves the pages, say where they lie.
    page = verdict.url or str(docs / "index.html")
    metadata: dict[str, Any] = {
        "expectations": dg.MetadataValue.int(verdict.statistics["expectations"]),
        "failed": dg.MetadataValue.int(verdict.statistics["failed"]),
        "rows": dg.MetadataValue.int(verdict.rows),
        "data_docs": dg.MetadataValue.url(page) if is_served else dg.MetadataValue.path(page),
        "findings": dg.MetadataValue.json(verdict.to_json()),
    }
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=verdict.passed,
        severity=severity_of(verdict),
        description=verdict.summary,
        metadata=metadata,
    )


def _name_of_run(run_at: datetime, run_id: str) -> str:
    return f"{run_at:%Y%m%dT%H%M%SZ}-{run_id[:8]}"


@dataclass(frozen=True)
class Silence:
    """A location that should have sent something: since when it has not, and that in words."""

    location: str
    since: str
    message: str


@dg.asset_check(
    asset=PUBLISHED_KEY,
    name=LOCATIONS_ARE_HEARD,
    pool=WRITER_POOL,
    description="Every location sends as often as it uses to. Warns, and reports those that fell silent.",
)
def every_location_is_heard(
    context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
) -> dg.AssetCheckResult:
    """Read which locations are silent, and report those that were not when this was last asked."""
    silences = [_silence(*row) for row in _rows(settings.warehouse, _SILENT_LOCATIONS)]
    reported = _found_before(context.instance, LOCATIONS_ARE_HEARD, context.run.run_id, _SILENT)
    if news := [silence for silence in silences if reported.get(silence.location) != silence.since]:
        findings = [Finding(silence.location, f"{silence.message}.", _ASK_LOCATION) for silence in news]
        send_alert(Alert(_title_of_silence(len(news)), findings), settings, context.log)
    return dg.AssetCheckResult(
        passed=not silences,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(f"{silence.location}: {silence.message}." for silence in silences)
        or "No location is silent.",
        metadata={_SILENT: dg.MetadataValue.json({silence.location: silence.since for silence in silences})},
    )


def _title_of_silence(count: int) -> str:
    return "a location has fallen silent." if count == 1 else f"{count} locations have fallen silent."


def _silence(source: str, place: str | None, since: str, message: str) -> Silence:
    """Take from the mart's sentence what names the location once more; a name that people gave it stays."""
    if place:
        message = message.removeprefix(f"{source}, ")
    if message.startswith(f"{place or source} silent "):
        message = message.removeprefix(f"{place or source} ")
    return Silence(escaped(f"{source} {place}" if place else source), since, escaped(message.rstrip(".")))


@dg.asset_check(
    asset=PUBLISHED_KEY,
    name=FIGURES_ARE_EXPECTED,
    pool=WRITER_POOL,
    description="No figure breaks a rule of the seed business_alerts. Warns, and reports those that begin to.",
)
def every_figure_is_as_expected(
    context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
) -> dg.AssetCheckResult:
    """Read which rules are broken, and report those that were not when this was last asked."""
    rows = _rows(settings.warehouse, _BROKEN_RULES)
    broken = {escaped(rule): escaped(message) for rule, message in rows}
    known = _found_before(context.instance, FIGURES_ARE_EXPECTED, context.run.run_id, _BROKEN)
    if news := {rule: message for rule, message in broken.items() if rule not in known}:
        findings = [Finding(rule, f"{message}.", _LOOK_AT_FIGURE) for rule, message in news.items()]
        send_alert(Alert(_title_of_broken(len(news)), findings), settings, context.log)
    return dg.AssetCheckResult(
        passed=not broken,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(f"{message}." for message in broken.values()) or "No rule is broken.",
        metadata={_BROKEN: dg.MetadataValue.json(broken)},
    )


def _title_of_broken(count: int) -> str:
    return "a figure is not as expected." if count == 1 else f"{count} figures are not as expected."


def _rows(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    """Read a mart; no rows if the warehouse does not have it."""
    with closing(open_file(warehouse, read_only=True)) as connection:
        try:
            return connection.execute(query).fetchall()
        except duckdb.CatalogException:
            return []


def _found_before(instance: dg.DagsterInstance, name: str, run_id: str, entry: str) -> Mapping[str, str]:
    """Return what the check `name` of the published marts put into `entry` of its metadata before the run `run_id`."""
    key = dg.AssetCheckKey(PUBLISHED_KEY, name)
    for record in instance.event_log_storage.get_asset_check_execution_history(key, limit=20):
        event = record.event.dagster_event if record.event else None
        if (
            record.run_id != run_id
            and event is not None
            and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        ):
            found: Mapping[str, str] = event.asset_check_evaluation_data.metadata[entry].value  # type: ignore[assignment]
            return found
    return {}
