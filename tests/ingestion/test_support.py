"""The support desk, over real HTTP."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ingestion.errors import SourceError
from ingestion.sources import load
from simulator.support_api import SupportApi, SupportData
from tests.ingestion.place import Place, counts

EMAIL, TOKEN = "agent@throughline.example", "demo-token"


def _at(minute: int) -> str:
    return f"2026-05-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"


def _ticket(number: int, minute: int | None = None, **fields: Any) -> dict[str, Any]:
    at = _at(number if minute is None else minute)
    return {
        "id": number,
        "requester_id": 900 + number,
        "subject": "Where is it?",
        "status": "open",
        "via": {"channel": "chat"},
        "tags": ["order_id:o-1"],
        "created_at": _at(number),
        "updated_at": at,
        "generated_timestamp": time.monotonic_ns(),
        **fields,
    }


def _desk(tickets: list[dict[str, Any]]) -> SupportData:
    return SupportData(
        tickets=tickets,
        users=[
            {"id": n, "role": "end-user", "name": f"User {n}", "created_at": _at(n), "updated_at": _at(n)}
            for n in (1, 2)
        ],
        ticket_events=[
            {
                "id": 100 + n,
                "ticket_id": n // 2,
                "created_at": _at(n // 3),
                "via": "Web form",
                "child_events": [{"event_type": "Comment", "id": n, "public": True, "body": "Hello"}],
            }
            for n in range(12)
        ],
        satisfaction_ratings=[
            {"id": 1, "ticket_id": 1, "score": "good", "created_at": _at(5), "updated_at": _at(5)}
        ],
    )


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def connected(url: str, email: str = EMAIL, token: str = TOKEN) -> None:
        monkeypatch.setenv("SOURCES__SUPPORT__BASE_URL", url)
        monkeypatch.setenv("SOURCES__SUPPORT__EMAIL", email)
        monkeypatch.setenv("SOURCES__SUPPORT__API_TOKEN", token)

    return connected


@pytest.fixture
def api(connect: Callable[..., None]) -> Iterator[SupportApi]:
    tickets = [_ticket(n) for n in range(1, 8)]
    with SupportApi(_desk(tickets), email=EMAIL, token=TOKEN, page_size=3, retry_after=1) as api:
        connect(api.base_url)
        yield api


def test_all_pages_load_and_only_changes_load_again(
    place: Place, api: SupportApi, at: Callable[[str], None]
) -> None:
    report = load("support")
    assert counts(report, "support_tickets") == (7, 7, 0, 0)
    assert counts(report, "support_users") == (2, 2, 0, 0)
    assert counts(report, "support_satisfaction_ratings") == (1, 1, 0, 0)
    read, loaded, _, rejected = counts(report, "support_ticket_events")
    assert (loaded, rejected) == (12, 0)
    assert read > 12, "a page of a time export begins with the second that ended the page before"
    assert place.ask(
        "SELECT id, via->>'channel', tags->>0, updated_at::VARCHAR, priority FROM raw.support_tickets"
        " WHERE id = 7"
    ) == [(7, "chat", "order_id:o-1", "2026-05-01 00:07:00+00", None)]
    assert place.column("SELECT child_events->0->>'body' FROM raw.support_ticket_events LIMIT 1") == ["Hello"]
    pages = place.column(
        "SELECT records_read FROM raw.load_ledger WHERE table_name = 'support_tickets' ORDER BY 1 DESC"
    )
    assert pages == [3, 3, 1]

    at("2026-06-02T00:00:00Z")
    before = place.ask("SELECT count(*) FROM raw.load_ledger")
    assert counts(load("support"), "support_tickets")[1] == 0
    assert place.ask("SELECT count(*) FROM raw.load_ledger") == before

    changed = _ticket(3, minute=9, status="solved")
    api.replace(_desk([*(_ticket(n) for n in (1, 2, 4, 5, 6, 7)), changed, _ticket(8)]))
    assert counts(load("support"), "support_tickets")[1] == 2
    assert place.ask(
        "SELECT id, status, loaded_at::DATE::VARCHAR FROM raw.support_tickets WHERE id IN (2, 3, 8)"
        " ORDER BY id"
    ) == [
        (2, "open", "2026-06-01"),
        (3, "solved", "2026-06-02"),
        (8, "open", "2026-06-02"),
    ]


def test_refusals_are_waited_out(place: Place, connect: Callable[..., None]) -> None:
    data = _desk([_ticket(n) for n in range(1, 8)])
    with SupportApi(data, token=TOKEN, page_size=3, rate_limit_every=6, fail_every=4, retry_after=1) as api:
        connect(api.base_url, email="")
        started = time.monotonic()
        assert counts(load("support"), "support_tickets") == (7, 7, 0, 0)
    assert time.monotonic() - started > 1.0, "Retry-After says one second"


def test_bad_objects_are_rejected(place: Place, api: SupportApi) -> None:
    good = _ticket(1)
    bad = [_ticket(2, requester_id="nobody"), _ticket(3, description="x" * 1024**2)]
    api.replace(SupportData(tickets=[good, *bad], users=[]))
    assert counts(load("support"), "support_tickets") == (3, 1, 0, 2)
    (_, *unfit), (large, *others) = place.ask(
        "SELECT length(record), reason, locator, record, detail FROM raw.rejects ORDER BY locator"
    )
    assert (others[:2], large > 1024**2) == (["record_too_large", "3"], True)
    reason, locator, record, detail = unfit
    assert (reason, locator) == ("type_mismatch", "2")
    assert '"requester_id": "nobody"' in record
    assert detail == "requester_id is nobody, which is not a whole number."


class FailingApi(SupportApi):
    """Goes out of order after two answers."""

    def answer(self, path: str, query: Any, authorization: str) -> Any:
        """Answer, or fail."""
        if self.requests == 2:
            self.outage = 500
        return super().answer(path, query, authorization)


def test_an_outage_ends_in_a_message_and_keeps_what_came_before(
    place: Place, connect: Callable[..., None]
) -> None:
    with FailingApi(_desk([_ticket(n) for n in range(1, 8)]), token=TOKEN, page_size=3) as api:
        connect(api.base_url)
        started = time.monotonic()
        with pytest.raises(
            SourceError, match=r"/incremental/tickets/cursor\.json keeps failing: it answers 500"
        ):
            load("support")
        assert time.monotonic() - started < 30
        assert place.column("SELECT id FROM raw.support_tickets ORDER BY 1") == [1, 2, 3, 4, 5, 6]
        api.outage, api.requests = None, 10
        load("support")
    assert place.column("SELECT id FROM raw.support_tickets ORDER BY 1") == [1, 2, 3, 4, 5, 6, 7]


def test_a_new_field_is_kept_and_reported_and_alone_is_no_change(
    place: Place, api: SupportApi, at: Callable[[str], None]
) -> None:
    api.replace(SupportData(tickets=[_ticket(1, brand={"name": "it's"}), _ticket(2)], users=[]))
    report = load("support")
    assert (
        "The list tickets has more than is known, kept in extras: brand, generated_timestamp."
        in report.message
    )
    assert "The list tickets lacks assignee_id, custom_fields, description" in report.message
    assert place.ask(
        "SELECT extras->'brand'->>'name', list_sort(json_keys(extras)) FROM raw.support_tickets WHERE id = 1"
    ) == [("it's", ["brand", "generated_timestamp"])]
    api.replace(SupportData(tickets=[_ticket(1), _ticket(2)], users=[]))
    assert counts(load("support"), "support_tickets")[1] == 0


def test_a_needed_field_that_vanishes_rejects_each_object_and_fails_the_source(
    place: Place, api: SupportApi
) -> None:
    tickets = [{key: value for key, value in _ticket(n).items() if key != "created_at"} for n in (1, 2)]
    api.replace(SupportData(tickets=tickets, users=[]))
    with pytest.raises(SourceError, match=r"cursor\.json answers with tickets without created_at"):
        load("support")
    assert place.reasons() == {"missing_timestamp": 2}


class CirclingApi(SupportApi):
    """Leads from the second page of tickets back to the first, or nowhere."""

    def answer(self, path: str, query: Any, authorization: str) -> Any:
        """Answer, with another cursor from the second page on."""
        status, body, headers = super().answer(path, query, authorization)
        cursor = body.get("after_cursor")
        if self.requests == 1:
            self.first = cursor
        elif cursor:
            body = {**body, "after_cursor": self.cursor_of(cursor), "end_of_stream": False}
        return status, body, headers

    def cursor_of(self, cursor: str) -> Any:
        """Say what the second page leads to."""
        return self.first


class BlindApi(CirclingApi):
    """Says that there is more, and not where."""

    def cursor_of(self, cursor: str) -> Any:
        """Say nothing."""
        return None


@pytest.mark.parametrize(
    ("kind", "problem"),
    [(CirclingApi, "leads back to '.*', which was read before"), (BlindApi, "does not say what comes next")],
)
def test_pages_that_lead_nowhere_are_loaded_and_their_end_is_named(
    place: Place, connect: Callable[..., None], kind: type[CirclingApi], problem: str
) -> None:
    with kind(_desk([_ticket(n) for n in range(1, 8)]), token=TOKEN, page_size=3) as api:
        connect(api.base_url)
        with pytest.raises(SourceError, match=rf"tickets/cursor\.json breaks off: a page .*{problem}"):
            load("support")
    assert place.ask("SELECT count(*), count(DISTINCT id) FROM raw.support_tickets") == [(6, 6)]
    assert place.column("SELECT records_read FROM raw.load_ledger") == [3, 3]


class OddApi(SupportApi):
    """Answers with what is JSON, but not what is asked for."""

    body: Any = None

    def answer(self, path: str, query: Any, authorization: str) -> Any:
        """Answer with that."""
        return 200, self.body, {}


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        "text",
        {},
        {"tickets": {"id": 1}},
        {"tickets": [], "after_cursor": ["a", "list"], "end_of_stream": False},
    ],
)
def test_an_answer_of_another_shape_is_a_clear_failure(
    place: Place, connect: Callable[..., None], body: Any
) -> None:
    with OddApi(_desk([]), token=TOKEN) as api:
        connect(api.base_url)
        api.body = body
        with pytest.raises(SourceError, match=r"support: http://127\.0\.0\.1:\d+/api/v2/incremental/tickets"):
            load("support")


def test_wrong_credentials_are_named_without_the_token(
    place: Place, api: SupportApi, connect: Callable[..., None]
) -> None:
    connect(api.base_url, token="swordfish")
    with pytest.raises(
        SourceError, match=r"refuses the credentials \(401\); SOURCES__SUPPORT__EMAIL and"
    ) as failed:
        load("support")
    assert "swordfish" not in str(failed.value)
    connect(api.base_url, token="")
    with pytest.raises(SourceError, match="SOURCES__SUPPORT__API_TOKEN is not set"):
        load("support")


def test_nothing_at_the_address_is_a_failure_if_it_was_set(
    place: Place, connect: Callable[..., None]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        connect(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(SourceError, match=r"cannot reach http://127.0.0.1:.*refused"):
            load("support")
