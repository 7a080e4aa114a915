"""An API that answers 500 and nothing else: the other sources are loaded, and the message says why."""

from pathlib import Path

import pytest

from ingestion.errors import SourceError
from ingestion.sources import load
from simulator.support_api import SupportApi, SupportData
from tests.pipeline_run.accounts import Totals, ledger_totals
from tests.pipeline_run.run import API_EMAIL, API_TOKEN, Place, environment
from tests.scenarios.raw_inputs import write_store

PAGE = '{"messageId": "p-1", "type": "page", "anonymousId": "b-1", "timestamp": "2026-01-31T10:00:00Z"}\n'
LOCATION = {"location_id": "L1", "name": "Corner", "kind": "store", "updated_at": "2026-01-01T00:00:00Z"}


@pytest.mark.slow
def test_a_desk_that_is_down_fails_alone_and_says_so(tmp_path: Path) -> None:
    place = Place(tmp_path)
    for folder in ("web", "app", "marketing"):
        (place.inputs / folder).mkdir(parents=True)
    (place.inputs / "web" / "pages.jsonl").write_text(PAGE, encoding="utf-8")
    write_store(place.inputs / "store.db", {"locations": [LOCATION]})
    with (
        SupportApi(SupportData(), email=API_EMAIL, token=API_TOKEN) as api,
        environment(place.settings(now="2026-02-01T00:00:00Z", support_url=api.base_url)),
    ):
        api.outage = 500
        with pytest.raises(SourceError, match=r"^support: http.*tickets.*keeps failing: it answers 500$"):
            load("support")
        assert api.requests > 1, "it must be retried before it fails"
        assert [load(source).status for source in ("web", "app", "marketing", "store")] == ["loaded"] * 4
        api.outage = None
        assert load("support").status == "loaded"
    assert ledger_totals(place.warehouse) == Totals(read=2, loaded=2, duplicate=0, rejected=0)
