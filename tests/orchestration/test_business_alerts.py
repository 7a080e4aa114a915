"""Rules of the business that are broken are reported to the webhook."""

from contextlib import closing
from dataclasses import replace

import dagster as dg
import duckdb
import pytest

from orchestration.assets.changes import PUBLISHED_KEY
from orchestration.assets.checks import every_figure_is_as_expected
from orchestration.settings import Settings
from tests.orchestration.conftest import Place
from tests.orchestration.webhook_server import Webhook


@pytest.fixture
def settings(place: Place, webhook: Webhook) -> Settings:
    """The place's settings, with the webhook."""
    return replace(place.settings, alerts_webhook_url=webhook.address)


def _look_for_broken_rules(instance: dg.DagsterInstance, settings: Settings) -> dg.AssetCheckEvaluation:
    @dg.asset(key=PUBLISHED_KEY)
    def published_marts() -> None:
        """Stand for the publication, after which the check runs."""

    result = dg.materialize(
        [published_marts, every_figure_is_as_expected], instance=instance, resources={"settings": settings}
    )
    [evaluation] = result.get_asset_check_evaluations()
    return evaluation


def _figures(place: Place, *broken: tuple[str, str]) -> None:
    with closing(duckdb.connect(place.settings.warehouse)) as warehouse:
        warehouse.execute("create schema if not exists marts")
        warehouse.execute(
            "create or replace table marts.mart_business_alerts as select 'csat_low' as alert, 'web' as channel,"
            " null::varchar as message, false as is_alert, true as is_latest"
            " union all select 'old', 'web', 'Over by now', true, false"
        )
        for channel, message in broken:
            warehouse.execute(
                "insert into marts.mart_business_alerts values ('conversion_drop', ?, ?, true, true)",
                [channel, message],
            )


def test_a_broken_rule_of_the_business_is_reported_once_until_it_is_over(
    place: Place, instance: dg.DagsterInstance, settings: Settings, webhook: Webhook
) -> None:
    duckdb.connect(place.settings.warehouse).close()
    assert _look_for_broken_rules(instance, settings).passed, "there is no such mart yet"
    _figures(place)
    assert _look_for_broken_rules(instance, settings).passed
    _figures(place, ("web", "Conversion rate falls: 1.0 %"))
    check = _look_for_broken_rules(instance, settings)
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    _figures(place, ("web", "Conversion rate falls: 0.9 %"))
    _look_for_broken_rules(instance, settings)
    assert len(webhook.texts) == 1, "it is still broken"
    _figures(place, ("web", "Conversion rate falls: 0.9 %"), ("app", "Conversion rate falls: 2.0 %"))
    _look_for_broken_rules(instance, settings)
    _figures(place)
    assert _look_for_broken_rules(instance, settings).passed
    _figures(place, ("web", "Conversion rate falls: 0.8 %"))
    _look_for_broken_rules(instance, settings)
    assert [text.splitlines()[1] for text in webhook.texts] == [
        "• conversion_drop web: Conversion rate falls: 1.0 %.",
        "• conversion_drop app: Conversion rate falls: 2.0 %.",
        "• conversion_drop web: Conversion rate falls: 0.8 %.",
    ]
