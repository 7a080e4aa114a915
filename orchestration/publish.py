"""Publishing as the last asset, and the check that ends a run in which a source had failed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.clock import run_clock
from orchestration.earlier_runs import PUBLISHED_KEY, source_states
from orchestration.freshness import FRESH_EACH_DAY
from orchestration.ingest import OWNER
from orchestration.new_inputs import MADE_FROM, noted_inputs
from orchestration.settings import WRITER_POOL, Settings
from publishing import Publication, publish, publish_private

SOURCES_COMPLETE = "sources_complete"
VERSION = "version"


def published_assets(marts: Iterable[dg.AssetKey], manifest: Path) -> dg.AssetsDefinition:
    """Make the asset of the published marts, downstream of every mart; `manifest` is dbt's."""

    @dg.asset(
        key=PUBLISHED_KEY,
        deps=list(marts),
        description=(
            "What BI opens: marts.duckdb, Parquet and the data dictionary, personal data masked. Written "
            "beside the old ones, audited, and swapped in one step; the last three versions are kept."
        ),
        group_name="published",
        kinds={"duckdb", "parquet"},
        owners=[OWNER],
        freshness_policy=FRESH_EACH_DAY,
        pool=WRITER_POOL,
    )
    def published_marts(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult[None]:
        publication = publish(
            warehouse=settings.warehouse,
            marts=settings.marts,
            manifest=manifest,
            run_at=run_clock(context.instance, context.run.run_id, settings),
            sources={name: state.status for name, state in source_states(context.instance).items()},
            publish_pii=settings.publish_pii,
            key="" if settings.publish_pii else settings.hashing_key(),
            memory_limit=settings.memory_limit,
        )
        if settings.private_marts is not None:
            _publish_privately(context, settings, settings.private_marts, publication, manifest)
        context.log.info(f"{publication.status}: version {publication.version} at {publication.marts}")
        made_from = noted_inputs(context.instance, context.run)
        return dg.MaterializeResult(metadata={**_metadata(publication), MADE_FROM: made_from})

    return published_marts


def _publish_privately(
    context: dg.AssetExecutionContext,
    settings: Settings,
    private: Path,
    publication: Publication,
    manifest: Path,
) -> None:
    is_new = publish_private(
        warehouse=settings.warehouse,
        marts=settings.marts,
        private=private,
        manifest=manifest,
        version=publication.version,
        run_at=publication.run_at,
        sources=publication.sources,
        memory_limit=settings.memory_limit,
    )
    context.log.info(f"names, contacts and texts: {'published' if is_new else 'unchanged'} at {private}")


@dg.asset_check(
    asset=PUBLISHED_KEY,
    name=SOURCES_COMPLETE,
    blocking=True,
    description="No configured source had failed. Fails the run, after publishing what the others brought.",
)
def sources_complete(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Name the sources that failed, and why; the run fails with them."""
    states = source_states(context.instance)
    failed = {source: state.message for source, state in states.items() if state.status == "failed"}
    causes = "\n".join(f"{source}: {message}" for source, message in failed.items())
    return dg.AssetCheckResult(
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR,
        description=causes or "Every configured source was loaded.",
        metadata={source: state.status for source, state in states.items()},
    )


def _metadata(publication: Publication) -> dict[str, Any]:
    counts = publication.row_counts
    table = "\n".join(f"| {mart} | {rows:,} |" for mart, rows in sorted(counts.items()))
    return {
        "status": dg.MetadataValue.text(publication.status),
        VERSION: dg.MetadataValue.text(publication.version),
        "marts": dg.MetadataValue.path(publication.marts),
        "parquet": dg.MetadataValue.path(publication.parquet),
        "data_dictionary": dg.MetadataValue.path(publication.dictionary),
        "rows": dg.MetadataValue.md(f"| mart | rows |\n| --- | ---: |\n{table}"),
        "dagster/row_count": dg.MetadataValue.int(sum(counts.values())),
    }
