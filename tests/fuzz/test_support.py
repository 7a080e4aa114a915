"""A misbehaving support API: whatever it returns in between, one good day loads everything once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.support_api import SupportApi, SupportData
from tests.fuzz.cases import FUZZ, complaint_of, fresh
from tests.ingestion.place import Place
from tests.pipeline_run.accounts import lost_records

TOKEN = "demo-token"
LISTS = ("tickets", "users", "ticket_events", "satisfaction_ratings")
NO_OBJECTS: tuple[Any, ...] = (None, 7, "'; DROP TABLE tickets; --", [], {}, {"id": None}, {"id": "\x00"})
# The good day is within the hour that every read overlaps the one before.
AT = "2026-05-01T12:{:02}:00Z"
Page = dict[str, Any]


def _desk() -> SupportData:
    times = [{"created_at": AT.format(n), "updated_at": AT.format(n)} for n in range(9)]
    return SupportData(
        tickets=[{"id": n, "requester_id": 900 + n, "subject": "Hello", **times[n]} for n in range(1, 9)],
        users=[{"id": 900 + n, "role": "end-user", "name": f"User {n}", **times[n]} for n in range(1, 6)],
        ticket_events=[
            {"id": 100 + n, "ticket_id": n, "created_at": AT.format(n), "child_events": []}
            for n in range(1, 9)
        ],
        satisfaction_ratings=[{"id": n, "ticket_id": n, "score": "good", **times[n]} for n in range(1, 4)],
    )


class MoodyApi(SupportApi):
    """Answers each request in the next of its moods, and well when it has none left."""

    moods: list[str]
    before: Mapping[str, Page]

    def answer(self, path: str, query: Any, authorization: str) -> Any:
        """Answer in a mood."""
        status, page, headers = super().answer(path, query, authorization)
        mood = self.moods.pop(0) if self.moods else "good"
        name = next((name for name in LISTS if name in page), None)
        if name is None:
            return status, page, headers
        earlier = self.before.get(name, page)
        self.before = {**self.before, name: page}
        return {
            "good": (status, page, headers),
            "busy": (429, {"error": "slow down"}, {"Retry-After": "0"}),
            "down": (503, {"error": "try again"}, {}),
            "refused": (403, {"error": f"not with {TOKEN[:4]}"}, {}),
            "the page before": (status, earlier, headers),
            "everything twice": (status, {**page, name: [*page[name], *page[name]]}, headers),
            "nothing": (status, {**page, name: []}, headers),
            "no objects": (status, {**page, name: [*NO_OBJECTS, *page[name]]}, headers),
            "no list": (status, {**page, name: "none today"}, headers),
            "another answer": (status, {"maintenance": True}, headers),
            "no end": (status, {**page, "end_of_stream": False, "after_cursor": "MTIz"}, headers),
        }[mood]


MOODS = (
    "good", "busy", "down", "refused", "the page before", "everything twice", "nothing", "no objects", "no list",
    "another answer", "no end",
)  # fmt: skip


@FUZZ
@given(days=st.lists(st.lists(st.sampled_from(MOODS), max_size=12), min_size=1, max_size=3))
def test_after_any_days_a_good_one_brings_everything_once(
    place: Place, empty_warehouse: Path, monkeypatch: pytest.MonkeyPatch, days: list[list[str]]
) -> None:
    with (
        fresh(place, empty_warehouse, monkeypatch) as one,
        MoodyApi(_desk(), token=TOKEN, page_size=2) as api,
    ):
        monkeypatch.setenv("SOURCES__SUPPORT__BASE_URL", api.base_url)
        monkeypatch.setenv("SOURCES__SUPPORT__API_TOKEN", TOKEN)
        for moods in (*days, []):
            api.moods, api.before = list(moods), {}
            complaint = complaint_of("support")
            assert complaint.startswith("support: ") or not complaint
            assert TOKEN not in complaint
        assert complaint == "", "the good day failed"
        _has_everything_once(one)


def _has_everything_once(one: Place) -> None:
    desk = _desk()
    for name in LISTS:
        wanted = sorted(record["id"] for record in getattr(desk, name))
        assert one.column(f"SELECT id FROM raw.support_{name} ORDER BY 1") == wanted
    assert lost_records(one.warehouse) == []
    rejected = one.ask("SELECT sum(records_rejected)::INTEGER FROM raw.load_ledger")[0][0] or 0
    assert one.ask("SELECT count(*) FROM raw.rejects")[0][0] <= rejected
