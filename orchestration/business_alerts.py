"""The alert of figures that break a rule of the business, as their mart has it; reported once until it is over."""

from contextlib import closing
from pathlib import Path

import dagster as dg
import duckdb

from ingestion.warehouse import opened
from orchestration.alerts import Alert, Finding, tell
from orchestration.earlier_runs import PUBLISHED_KEY, found_before
from orchestration.settings import WRITER_POOL, Settings
from printable import escaped

NAME = "every_figure_is_as_expected"
_BROKEN = "broken"
_TO_DO = "Look at the page Operations of the dashboards, which shows the figure of the last four weeks."
_QUERY = """
    select alert || ' ' || channel, message
    from marts.mart_business_alerts
    where is_alert and is_latest
    order by 1
"""


@dg.asset_check(
    asset=PUBLISHED_KEY,
    name=NAME,
    pool=WRITER_POOL,
    description="No figure breaks a rule of the seed business_alerts. Warns, and reports those that begin to.",
)
def every_figure_is_as_expected(
    context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
) -> dg.AssetCheckResult:
    """Read which rules are broken, and report those that were not when this was last asked."""
    broken = _broken(settings.warehouse)
    known = found_before(context.instance, NAME, context.run.run_id, _BROKEN)
    if news := {rule: message for rule, message in broken.items() if rule not in known}:
        findings = [Finding(rule, f"{message}.", _TO_DO) for rule, message in news.items()]
        tell(Alert(_title(len(news)), findings), settings, context.log)
    return dg.AssetCheckResult(
        passed=not broken,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(f"{message}." for message in broken.values()) or "No rule is broken.",
        metadata={_BROKEN: dg.MetadataValue.json(broken)},
    )


def _title(count: int) -> str:
    return "a figure is not as expected." if count == 1 else f"{count} figures are not as expected."


def _broken(warehouse: Path) -> dict[str, str]:
    """Read which rules are broken, and how; none if the warehouse has no such mart."""
    with closing(opened(warehouse, read_only=True)) as connection:
        try:
            rows = connection.execute(_QUERY).fetchall()
        except duckdb.CatalogException:
            return {}
    return {escaped(rule): escaped(message) for rule, message in rows}
