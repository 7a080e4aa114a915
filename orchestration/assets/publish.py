"""Publishing and what comes after it: the check that ends a run in which a source had failed, readers, audiences.

Exposures are those who read the marts, as dbt lists them. Audiences are sent by the refresh if AUDIENCES_DIR is set.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import dagster as dg

from activation.definitions import Audience, read_audiences
from activation.members import SENT
from activation.sending import Sending, activate
from orchestration.assets.changes import MADE_FROM, PUBLISHED_KEY, noted_inputs, source_states
from orchestration.assets.ingest import OWNER
from orchestration.settings import WRITER_POOL, Settings, run_clock
from publishing import Publication, publish, publish_private
from storage.sessions import open_file

SOURCES_COMPLETE = "sources_complete"
VERSION = "version"
EXPOSURES = "exposures"
AUDIENCES = "audiences"
WITH_CONSENT = "nobody_was_sent_without_consent"
REACHES = "somebody_may_be_written_to"
_AGAINST_CONSENT = """
    select count(*), count(distinct customer_id) from marts.fct_activations where audience = ? and is_against_consent"""


def published_assets(
    marts: Iterable[dg.AssetKey], manifest: Path, freshness: dg.FreshnessPolicy
) -> dg.AssetsDefinition:
    """Make the asset of the published marts, downstream of every mart; `manifest` is dbt's."""

    @dg.asset(
        key=PUBLISHED_KEY,
        deps=list(marts),
        description=(
            "What BI opens: marts.duckdb, Parquet and the data dictionary, personal data masked. Written "
            "next to the old ones, audited, and swapped in one step; the last three versions are kept."
        ),
        group_name="published",
        kinds={"duckdb", "parquet"},
        owners=[OWNER],
        freshness_policy=freshness,
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


def exposures(manifest: Path) -> list[dg.AssetSpec]:
    """Return an external asset for each exposure of dbt's `manifest`, downstream of its marts and of publishing."""
    content = json.loads(manifest.read_bytes())
    return [_exposure(exposure, content["nodes"]) for exposure in content["exposures"].values()]


def _exposure(exposure: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> dg.AssetSpec:
    marts = [nodes[unique_id]["alias"] for unique_id in exposure["depends_on"]["nodes"]]
    url = exposure["url"]
    return dg.AssetSpec(
        dg.AssetKey([EXPOSURES, exposure["name"]]),
        deps=[PUBLISHED_KEY, *(dg.AssetKey(["marts", mart]) for mart in sorted(marts))],
        description=exposure["description"].strip(),
        group_name=EXPOSURES,
        owners=[f"team:{exposure['owner']['name']}"],
        kinds={exposure["type"]},
        metadata={"address": dg.MetadataValue.url(url)} if url else {},
    )


def audience_assets(folder: Path | None) -> list[dg.AssetsDefinition]:
    """Make an asset of each audience in a folder, none without one. Raises AudienceError."""
    return [_audience(audience) for audience in (read_audiences(folder) if folder else [])]


def _audience(audience: Audience) -> dg.AssetsDefinition:
    key = dg.AssetKey([AUDIENCES, audience.name])

    @dg.asset(
        key=key,
        deps=[PUBLISHED_KEY],
        description=audience.description,
        group_name=AUDIENCES,
        kinds={audience.destination["kind"]},
        owners=[audience.owner],
        pool=WRITER_POOL,
        metadata={"purpose": audience.purpose, "channel": audience.channel},
        check_specs=[
            dg.AssetCheckSpec(
                WITH_CONSENT,
                asset=key,
                description="No sending was without consent, as is known now. Warns: a withdrawal may have come late.",
            ),
            dg.AssetCheckSpec(
                REACHES,
                asset=key,
                description="Of an audience that has members, somebody may be written to. Warns, and counts why not.",
            ),
        ],
    )
    def send(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> Iterator[object]:
        sending = activate(
            audience, settings.warehouse, run_clock(context.instance, context.run.run_id, settings)
        )
        numbers = {"added": sending.added, "changed": sending.changed, "removed": sending.removed}
        yield dg.MaterializeResult(
            metadata={**sending.outcomes, **numbers},
            check_results=[_consent_check(audience, settings), _reach_check(sending)],
        )

    return send


def _consent_check(audience: Audience, settings: Settings) -> dg.AssetCheckResult:
    """Look at the sendings that earlier runs have taken in; what was sent now is not among them yet."""
    with closing(open_file(settings.warehouse, read_only=True)) as connection:
        found = connection.execute(_AGAINST_CONSENT, [audience.name]).fetchone()
    sendings, people = found or (0, 0)
    return dg.AssetCheckResult(
        check_name=WITH_CONSENT,
        passed=sendings == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"sendings": sendings, "people": people},
    )


def _reach_check(sending: Sending) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=REACHES,
        passed=sending.outcomes[SENT] > 0 or not any(sending.outcomes.values()),
        severity=dg.AssetCheckSeverity.WARN,
        metadata=dict(sending.outcomes),
    )
