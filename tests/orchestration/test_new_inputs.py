"""A refresh with nothing new leaves out what it would only repeat; whatever differs is built."""

import time
from pathlib import Path
from threading import Thread

import dagster as dg
import pytest

from ingestion.sources import load
from orchestration.assets.changes import PUBLISHED_KEY, REBUILD_TAG, digest_of_build, has_new_inputs
from orchestration.definitions import definitions
from orchestration.processes import REFRESH_TAG
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


def _model(place: Place) -> Path:
    return place.folder / "dbt_project" / "models" / "marts" / "core" / "dim_channels.sql"


def _edit(place: Place) -> None:
    _model(place).write_text(_model(place).read_text() + "\n-- edited\n")


def test_what_is_edited_while_a_refresh_builds_is_news_to_the_next(
    place: Place, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[str] = []
    monkeypatch.setattr(
        "orchestration.assets.transform.end_full", lambda *_, digest, **__: noted.append(digest)
    )
    before = digest_of_build(place.settings.dbt_project, place.settings.of_models)
    place.land("good.jsonl", message("m1", "web", "digital"))
    built = place.settings.dbt_target / "run_results.json"

    def edit_once_built() -> None:
        until = time.monotonic() + 120
        while not built.exists() and time.monotonic() < until:
            time.sleep(0.01)
        _edit(place)

    editor = Thread(target=edit_once_built)
    editor.start()
    refreshed = place.refresh(instance)
    editor.join()
    assert refreshed.success
    assert built.exists()
    assert _asks(instance, place)
    assert noted == [before], "a slice would run the compiled models of before"
    assert digest_of_build(place.settings.dbt_project, place.settings.of_models) != before


def test_marts_published_alone_are_news_of_nothing_else(
    published: Place, instance: dg.DagsterInstance
) -> None:
    _edit(published)
    alone = definitions(published.settings).resolve_implicit_global_asset_job_def()
    done = alone.execute_in_process(instance=instance, asset_selection=[PUBLISHED_KEY])
    assert done.success
    assert _asks(instance, published)


def test_only_what_differs_is_news(published: Place, instance: dg.DagsterInstance) -> None:
    assert not _asks(instance, published)
    assert _asks(instance, published, REBUILD_TAG)
    assert _asks(instance, published, RUN_AT=NEXT_DAY)
    assert _asks(instance, published, REPORTING_CURRENCY="EUR")
    assert _asks(instance, published, PUBLISH_PII="true")
    assert _asks(instance, published, IDENTITY_SALT="another")
    before = _model(published).read_text()
    _edit(published)
    assert _asks(instance, published)
    _model(published).write_text(before)
    assert not _asks(instance, published)
    marts = published.settings.marts.rename(published.folder / "elsewhere.duckdb")
    assert _asks(instance, published)
    marts.rename(published.settings.marts)
    published.land("again.jsonl", message("m1", "web", "digital"))
    assert load("web")
    assert not _asks(instance, published), "a file that brings nothing"
    earlier = message("m1", "kiosk", "physical").replace("10:00:00Z", "09:00:00Z")
    published.land("earlier.jsonl", earlier)
    load("web")
    assert published.rows("select event from raw.web_events") == [("kiosk",)]
    assert _asks(instance, published), "an earlier text of a known message replaces it"
