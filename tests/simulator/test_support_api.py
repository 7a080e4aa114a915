"""The support API answers as Zendesk does, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from simulator.support_api import SupportApi, SupportData, SupportFiles
from simulator.support_data import audit, change
from tests.simulator.landed import Simulated

LOGIN = ("agent@throughline.example/token", "demo-token")
TICKETS = "/api/v2/incremental/tickets/cursor.json"
USERS = "/api/v2/incremental/users/cursor.json"
EVENTS = "/api/v2/incremental/ticket_events.json"
RATINGS = "/api/v2/satisfaction_ratings.json"


def _get(url: str, **parameters: Any) -> dict[str, Any]:
    answer = requests.get(url, params=parameters, auth=LOGIN, timeout=10)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def _ticket(number: int, at: str) -> dict[str, Any]:
    return {"id": number, "subject": f"ticket {number}", "created_at": at, "updated_at": at}


def _all_of_cursor_export(url: str, name: str) -> tuple[list[int], list[int]]:
    """Return the ids that a whole export gives, and the sizes of its pages."""
    ids: list[int] = []
    sizes: list[int] = []
    page = _get(url, start_time=0)
    while True:
        ids += [record["id"] for record in page[name]]
        sizes.append(len(page[name]))
        if page["end_of_stream"]:
            return ids, sizes
        page = _get(page["after_url"])


@pytest.fixture(scope="module")
def api(simulated: Simulated) -> Iterator[SupportApi]:
    with SupportApi(SupportFiles(simulated.out / "support"), page_size=7) as server:
        yield server


@pytest.mark.parametrize(("path", "name"), [(TICKETS, "tickets"), (USERS, "users")])
def test_a_cursor_export_gives_everything_once_in_order(
    api: SupportApi, simulated: Simulated, path: str, name: str
) -> None:
    ids, sizes = _all_of_cursor_export(api.base_url + path, name)
    stored = simulated.support(name)
    assert ids == [r["id"] for r in sorted(stored, key=lambda r: (r["updated_at"], r["id"]))]
    assert set(sizes[:-1]) == {7}
    assert len(sizes) > 3


def test_a_cursor_kept_from_the_end_gives_only_what_changed_since() -> None:
    first = SupportData(tickets=[_ticket(1, "2026-09-01T10:00:00Z"), _ticket(2, "2026-09-01T10:00:00Z")])
    with SupportApi(first) as server:
        end = _get(server.base_url + TICKETS, start_time=0)
        assert end["end_of_stream"] is True
        assert [t["id"] for t in end["tickets"]] == [1, 2]
        nothing = _get(end["after_url"])
        assert (nothing["tickets"], nothing["after_cursor"]) == ([], end["after_cursor"])
        server.replace(SupportData(tickets=[*first.tickets, _ticket(1, "2026-09-02T10:00:00Z")]))
        assert [t["updated_at"] for t in _get(end["after_url"])["tickets"]] == ["2026-09-02T10:00:00Z"]


def test_a_cursor_export_starts_at_the_start_time() -> None:
    data = SupportData(tickets=[_ticket(1, "2026-09-01T10:00:00Z"), _ticket(2, "2026-09-01T10:00:01Z")])
    with SupportApi(data) as server:
        page = _get(server.base_url + TICKETS, start_time=1788256801)
    assert [ticket["id"] for ticket in page["tickets"]] == [2]


def test_a_time_export_gives_everything_and_ends(api: SupportApi, simulated: Simulated) -> None:
    url, seen, pages = api.base_url + EVENTS, set(), 0
    page = _get(url, start_time=0, include="comment_events")
    while True:
        pages += 1
        seen |= {event["id"] for event in page["ticket_events"]}
        assert page["count"] == len(page["ticket_events"])
        if page["end_of_stream"]:
            break
        assert "include=comment_events" in page["next_page"]
        page = _get(page["next_page"])
    assert seen == {event["id"] for event in simulated.support("ticket_events")}
    assert pages > 10


def test_a_second_with_more_events_than_a_page_does_not_hold_an_export_up() -> None:
    at = "2026-09-01T10:00:00Z"
    events = [audit(n, 1, 9, at, None, [change(n, "status", "open", "new")]) for n in range(10)]
    events.append(audit(99, 1, 9, "2026-09-01T10:00:05Z", None, []))
    with SupportApi(SupportData(ticket_events=events), page_size=3) as server:
        first = _get(server.base_url + EVENTS, start_time=0)
        second = _get(first["next_page"])
        third = _get(second["next_page"])
    assert [len(page["ticket_events"]) for page in (first, second)] == [10, 10]
    assert [event["id"] for event in third["ticket_events"]] == [99]
    assert third["end_of_stream"] is True


def test_comments_have_text_only_where_asked_for(api: SupportApi) -> None:
    with_text = _get(api.base_url + EVENTS, start_time=0, include="comment_events")["ticket_events"][0]
    without = _get(api.base_url + EVENTS, start_time=0)["ticket_events"][0]
    assert with_text["event_type"] == "Audit"
    assert with_text["child_events"][0]["event_type"] == "Comment"
    assert with_text["child_events"][0]["body"]
    assert without["child_events"][0] == {
        "id": with_text["child_events"][0]["id"],
        "event_type": "Comment",
        "comment_present": True,
        "comment_public": True,
    }


def test_satisfaction_ratings_are_paged_forwards_and_backwards(api: SupportApi, simulated: Simulated) -> None:
    page = _get(api.base_url + RATINGS, **{"page[size]": 5})
    first, seen, last = page, [], page
    while True:
        seen += [rating["id"] for rating in page["satisfaction_ratings"]]
        last = page
        if not page["meta"]["has_more"]:
            break
        page = _get(page["links"]["next"])
    assert sorted(seen) == sorted(rating["id"] for rating in simulated.support("satisfaction_ratings"))
    assert len(seen) == len(set(seen)) > 10
    assert last["links"]["next"] is None
    assert first["links"]["prev"] is None
    second = _get(first["links"]["next"])
    assert _get(second["links"]["prev"])["satisfaction_ratings"] == first["satisfaction_ratings"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic !!"}, {"Authorization": "Basic YTpi"}],
)
def test_wrong_credentials_are_refused_as_zendesk_refuses_them(
    api: SupportApi, headers: dict[str, str]
) -> None:
    answer = requests.get(api.base_url + TICKETS, params={"start_time": 0}, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()) == (401, {"error": "Couldn't authenticate you"})


def test_a_bearer_token_lets_in(api: SupportApi) -> None:
    headers = {"Authorization": "Bearer demo-token"}
    answer = requests.get(api.base_url + USERS, params={"start_time": 0}, headers=headers, timeout=10)
    assert answer.status_code == 200


@pytest.mark.parametrize("parameters", [{}, {"start_time": "soon"}, {"cursor": "nonsense"}])
def test_parameters_without_sense_are_a_bad_request(api: SupportApi, parameters: dict[str, str]) -> None:
    answer = requests.get(api.base_url + TICKETS, params=parameters, auth=LOGIN, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"] == "InvalidValue"


def test_unknown_endpoints_are_not_found(api: SupportApi) -> None:
    assert requests.get(api.base_url + "/api/v2/nothing.json", auth=LOGIN, timeout=10).status_code == 404


def test_every_nth_request_is_refused_with_a_time_to_wait_or_fails() -> None:
    with SupportApi(SupportData(), rate_limit_every=3, fail_every=5, retry_after=2) as server:
        answers = [
            requests.get(server.base_url + TICKETS, params={"start_time": 0}, auth=LOGIN, timeout=10)
            for _ in range(10)
        ]
    assert [a.status_code for a in answers] == [200, 200, 429, 200, 503, 429, 200, 200, 429, 503]
    assert [a.headers.get("Retry-After") for a in answers][:4] == [None, None, "2", None]
    assert server.requests == 10


def test_an_outage_lasts_until_it_is_over() -> None:
    with SupportApi(SupportData()) as server:
        url = server.base_url + TICKETS
        server.outage = 500
        assert requests.get(url, params={"start_time": 0}, auth=LOGIN, timeout=10).status_code == 500
        server.outage = None
        assert requests.get(url, params={"start_time": 0}, auth=LOGIN, timeout=10).status_code == 200
