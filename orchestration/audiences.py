"""Audiences as assets after publishing, where AUDIENCES_DIR says that they are sent by the refresh."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import dagster as dg

from activation.definitions import Audience, read_audiences
from activation.members import SENT
from activation.sending import Sending, activate
from ingestion.warehouse import opened
from orchestration.clock import run_clock
from orchestration.earlier_runs import PUBLISHED_KEY
from orchestration.settings import WRITER_POOL, Settings

GROUP = "audiences"
WITH_CONSENT = "nobody_was_sent_without_consent"
REACHES = "somebody_may_be_written_to"
_AGAINST_CONSENT = """
    select count(*), count(distinct customer_id) from marts.fct_activations where audience = ? and is_against_consent"""


def audience_assets(folder: Path | None) -> list[dg.AssetsDefinition]:
    """Make an asset of each audience in a folder, none without one. Raises AudienceError."""
    return [_asset(audience) for audience in (read_audiences(folder) if folder else [])]


def _asset(audience: Audience) -> dg.AssetsDefinition:
    key = dg.AssetKey([GROUP, audience.name])

    @dg.asset(
        key=key,
        deps=[PUBLISHED_KEY],
        description=audience.description,
        group_name=GROUP,
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
    with closing(opened(settings.warehouse, read_only=True)) as connection:
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
