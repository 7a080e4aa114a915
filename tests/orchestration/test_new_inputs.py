"""A refresh with nothing new leaves out what it would only repeat; whatever differs is built."""

import dagster as dg
import pytest

from orchestration.automation import REFRESH_TAG
from orchestration.new_inputs import REBUILD_TAG, has_new_inputs
from orchestration.settings import read_settings
from tests.orchestration.conftest import Place, message, steps_of

NEXT_DAY = "2026-05-01T00:00:00+00:00"


@pytest.fixture
def published(place: Place, instance: dg.DagsterInstance) -> Place:
    """The place after a refresh that has published."""
    place.land("good.jsonl", message("m1", "web", "digital"))
    assert place.refresh(instance).success
    return place


def _asks(instance: dg.DagsterInstance, place: Place, *tags: str, **settings: str) -> bool:
    run = dg.DagsterRun(job_name="refresh", tags=dict.fromkeys((REFRESH_TAG, *tags), "true"))
    return has_new_inputs(instance, run, read_settings(place.environment | settings))


def test_a_refresh_with_nothing_new_builds_nothing_and_the_next_record_is_built(
    published: Place, instance: dg.DagsterInstance
) -> None:
    marts = published.settings.marts.read_bytes()
    again = published.refresh(instance)
    assert again.success
    steps = steps_of(again)
    assert steps["ingest_web"] == "done"
    assert not any(
        event.is_step_materialization and event.step_key == "dbt_build" for event in again.all_events
    )
    assert published.settings.marts.read_bytes() == marts

    published.land("more.jsonl", message("m2", "store", "physical"))
    assert published.refresh(instance).success
    assert published.rows("select channel from marts.dim_channels order by 1", published=True) == [
        ("store",),
        ("web",),
    ]


def test_only_what_differs_is_news(published: Place, instance: dg.DagsterInstance) -> None:
    assert not _asks(instance, published)
    assert _asks(instance, published, REBUILD_TAG)
    assert _asks(instance, published, RUN_AT=NEXT_DAY)
    assert _asks(instance, published, REPORTING_CURRENCY="EUR")
    assert _asks(instance, published, PUBLISH_PII="true")
    assert _asks(instance, published, IDENTITY_SALT="another")
    model = published.folder / "dbt_project" / "models" / "marts" / "core" / "dim_channels.sql"
    before = model.read_text()
    model.write_text(before + "\n-- edited\n")
    assert _asks(instance, published)
    model.write_text(before)
    assert not _asks(instance, published)
    published.settings.marts.unlink()
    assert _asks(instance, published)
