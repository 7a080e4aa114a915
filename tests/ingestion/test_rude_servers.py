"""A support API that keeps us waiting or answers nonsense fails alone, in a sentence, with what it brought kept."""

import re
import time
from collections.abc import Iterator

import pytest

from ingestion.errors import SourceError
from ingestion.sources import load
from simulator.support_api import SupportApi, SupportData
from tests.ingestion.place import Place

AT = "2026-05-01T10:0{}:00Z"
TICKETS = [
    {"id": n, "requester_id": n, "created_at": AT.format(n), "updated_at": AT.format(n)} for n in range(1, 8)
]


@pytest.fixture
def api(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[SupportApi]:
    with SupportApi(SupportData(tickets=TICKETS, users=[]), token="t", page_size=3) as api:
        monkeypatch.setenv("SOURCES__SUPPORT__BASE_URL", api.base_url)
        monkeypatch.setenv("SOURCES__SUPPORT__API_TOKEN", "t")
        yield api


def _complaint(place: Place) -> str:
    started = time.monotonic()
    with pytest.raises(SourceError) as failed:
        load("support")
    assert time.monotonic() - started < 60
    assert place.column("SELECT id FROM raw.support_tickets ORDER BY 1")[:3] == [1, 2, 3]
    assert failed.value.report is not None
    assert "What it brought before that is loaded" in failed.value.report.message
    return str(failed.value)


@pytest.mark.parametrize(
    ("rude", "sentence"),
    [
        ("drip", r"cursor\.json gives no whole answer within 5 s \(SOURCES__SUPPORT__REQUEST_SECONDS\)"),
        ("drip_headers", r"cursor\.json gives no whole answer within 5 s"),
        (
            "come_back_tomorrow",
            r"asks to wait for 86,400 s, longer than 300 s \(SOURCES__SUPPORT__LONGEST_WAIT",
        ),
        ("redirect", r"leads elsewhere \(302\), to https://elsewhere\.example/login, which is not followed"),
        ("web_page", r'answers with a web page titled "Sign in.*" in the place of JSON'),
    ],
)
def test_what_came_before_is_loaded_and_the_rest_named(
    place: Place, api: SupportApi, monkeypatch: pytest.MonkeyPatch, rude: str, sentence: str
) -> None:
    monkeypatch.setenv("SOURCES__SUPPORT__REQUEST_SECONDS", "5")
    api.rude, api.rude_after = rude, 1
    complaint = _complaint(place)
    assert re.search(sentence, complaint)
    assert "swordfish" not in complaint
    api.rude = None
    load("support")
    assert place.column("SELECT count(*) FROM raw.support_tickets") == [7]


def test_a_source_has_a_deadline_for_all_its_requests(
    place: Place, api: SupportApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__SUPPORT__DEADLINE_MINUTES", "0.1")
    api.rude, api.rude_after = "drip", 1
    assert "is not read to its end after 0.1 minutes (SOURCES__SUPPORT__DEADLINE_MINUTES)" in _complaint(
        place
    )


def test_a_wait_beyond_the_deadline_is_not_begun(
    place: Place, api: SupportApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__SUPPORT__LONGEST_WAIT_SECONDS", "100000")
    api.rude, api.rude_after = "come_back_tomorrow", 1
    assert "asks to wait for 86,400 s, beyond the 30 minutes for all of it" in _complaint(place)


def test_pages_that_each_bring_one_thing_end(
    place: Place, api: SupportApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__SUPPORT__MOST_PAGES", "12")
    api.endless = True
    assert "12 pages are read, and it says that there are more (SOURCES__SUPPORT__MOST_PAGES)" in _complaint(
        place
    )
    assert place.column("SELECT count(*) FROM raw.support_tickets") == [12]
