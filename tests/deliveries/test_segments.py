"""Periods of segment membership over runs on several days: full builds, slices, and a merge."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from simulator.support_api import SupportApi
from simulator.support_data import SupportData
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import API_EMAIL, API_TOKEN, Place, environment, run_pipeline
from tests.scenarios.raw_inputs import write_store

MONDAY, MONDAY_EVENING = "2026-06-01T06:00:00Z", "2026-06-01T18:00:00Z"
TUESDAY, TUESDAY_EVENING, IN_AUTUMN = "2026-06-02T06:00:00Z", "2026-06-02T18:00:00Z", "2026-12-01T06:00:00Z"
BEA = "bea@example.com"
PERIODS = """
    select name, segment, strftime(entered_at, '%m-%d %H'), entered_because, strftime(left_at, '%m-%d %H'), left_because
    from marts.fct_segment_membership
    inner join (
        select customer_id, identifier_value as name from marts.identity_history
        where identifier_type in ('user_id', 'email') and change_type = 'founded'
    ) using (customer_id)
    where segment in ('new', 'lapsed')
    order by all
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    for feed in ("web", "app", "marketing"):
        (place.inputs / feed).mkdir(parents=True)
    write_store(place.inputs / "store.db", {})
    with (
        SupportApi(SupportData(), email=API_EMAIL, token=API_TOKEN) as desk,
        environment(place.settings(now=MONDAY, support_url=desk.base_url)),
    ):
        yield place


def _order(user: str, number: int, day: str) -> dict[str, Any]:
    who: dict[str, Any] = {"context": {"traits": {"email": user}}} if "@" in user else {"userId": user}
    return {
        "type": "track",
        "messageId": f"{user}-{number}",
        "anonymousId": f"browser-{user}",
        **who,
        "event": "Order Completed",
        "timestamp": f"2026-{day}T10:00:00Z",
        "properties": {"order_id": f"{user}-{number}", "currency": "USD", "revenue": 10},
    }


def _run(place: Place, dbt: DbtProject, models: CompiledModels, now: str, *messages: dict[str, Any]) -> None:
    file = place.inputs / "web" / f"{now[:13]}.jsonl"
    file.write_text("".join(json.dumps(message) + "\n" for message in messages), encoding="utf-8")
    with environment({"RUN_AT": now}):
        run_pipeline(place, dbt, checked=False, tested=False, published=False, models=models)


def _periods(place: Place) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(place.warehouse), read_only=True)) as connection:
        return connection.execute(PERIODS).fetchall()


def test_periods_are_what_runs_saw(place: Place, dbt: DbtProject, models: CompiledModels) -> None:
    _run(place, dbt, models, MONDAY, _order("ana", 1, "05-20"), _order(BEA, 1, "05-20"))
    _run(place, dbt, models, MONDAY_EVENING, _order("cy", 1, "06-01"))
    _run(place, dbt, models, TUESDAY, _order("ana", 2, "06-01"))
    same = {"type": "identify", "messageId": "same", "userId": "cy", "traits": {"email": BEA}}
    _run(place, dbt, models, TUESDAY_EVENING, {**same, "timestamp": "2026-06-02T12:00:00Z"})
    seen = [
        ("ana", "new", "06-01 06", "segment_added", "06-02 06", "customer"),
        (BEA, "new", "06-01 06", "segment_added", "06-02 18", "customer"),
        # Cy and Bea are one from here on, under the id of Bea, who was known first.
        ("cy", "new", "06-01 18", "customer", "06-02 18", "identity"),
    ]
    assert _periods(place) == seen
    _is_kept_by_a_whole_build(place, models, TUESDAY_EVENING)
    # A late record shows that Ana bought on the Sunday before: the history of what was known then stays.
    _run(place, dbt, models, IN_AUTUMN, _order("ana", 3, "05-31"))
    lapsed = [(name, "lapsed", "12-01 06", "customer", None, None) for name in ("ana", BEA)]
    assert _periods(place) == sorted([*seen, *lapsed])


def _is_kept_by_a_whole_build(place: Place, models: CompiledModels, now: str) -> None:
    before = _periods(place)
    models.run(place.warehouse, run_at=datetime.fromisoformat(now))
    assert _periods(place) == before
