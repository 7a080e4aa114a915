"""A source over HTTP is loaded when the others are done: however long its server takes, they do not wait."""

import dagster as dg
import pytest

from orchestration.assets.ingest import source_assets
from orchestration.settings import read_settings
from tests.orchestration.conftest import Place


def test_the_source_over_http_comes_last(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize(
            [source_assets(source) for source in ("support", "store", "web", "app")],
            instance=instance,
            resources={"settings": read_settings()},
            raise_on_error=False,
        )
    started = [
        event.step_key for event in done.all_events if event.event_type == dg.DagsterEventType.STEP_START
    ]
    assert len(started) == 4
    assert started[-1] == "ingest_support"
