"""The two gates: raw tables before dbt, marts before publishing. Expectations judge, Dagster holds back."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg

from expectations import Suite, Verdict, suite_for, suites_of, validate_each
from expectations.data_docs import start_run, write_index
from orchestration.clock import run_clock
from orchestration.new_inputs import has_new_inputs
from orchestration.settings import WRITER_POOL, Settings

EXPECTATIONS = "expectations"


def gate(name: str, layer: str, tables: Iterable[dg.AssetKey]) -> dg.AssetChecksDefinition:
    """Make one blocking check per table of a layer, all in the op `name`; what depends on them waits for it.

    Tables without a suite have no check (a test says that every mart has one).
    """
    names = {key.path[-1] for key in tables}
    suites = [suite for suite in suites_of(layer) if suite.table in names]

    @dg.multi_asset_check(
        name=name,
        description=f"Judges every table of the layer {layer}; a critical failure stops what comes after.",
        specs=[_spec(suite) for suite in suites],
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
            yield _result(key, verdict, docs, is_served=bool(url))
        write_index(docs, run_at)

    return checks


def severity_of(verdict: Verdict) -> dg.AssetCheckSeverity:
    """Map a verdict's severity: only a critical failure is an error, and only errors hold anything back."""
    return dg.AssetCheckSeverity.ERROR if verdict.severity == "critical" else dg.AssetCheckSeverity.WARN


def _spec(suite: Suite) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        EXPECTATIONS,
        asset=dg.AssetKey([suite.layer, suite.table]),
        description=f"{len(suite.rules)} expectations in expectations/{suite.layer}. {suite.grain}",
        blocking=True,
    )


def _result(key: dg.AssetCheckKey, verdict: Verdict, docs: Path, *, is_served: bool) -> dg.AssetCheckResult:
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
