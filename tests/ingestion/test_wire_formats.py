"""The wire formats of the client libraries: what an envelope shares, which time counts, one payload a library."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from ingestion.sources import load
from tests.ingestion.place import Place, counts, lines, message
from tests.scenarios.story import OWN_STORIES, load_story

LIBRARIES = load_story(OWN_STORIES / "one_product_per_client_library.yml")
PAYLOADS = [*LIBRARIES.web, *LIBRARIES.app]


def _product(payload: dict[str, Any]) -> str:
    """Name a payload by the product of its last message."""
    return str(payload.get("batch", [payload])[-1]["properties"]["product_id"])


@pytest.mark.parametrize("payload", PAYLOADS, ids=_product)
def test_every_library_loads_whole(place: Place, payload: dict[str, Any]) -> None:
    sent = payload.get("batch", [payload])
    place.land("wire.jsonl", lines(payload))
    report = load("web")
    assert counts(report, "web_events") == (len(sent), len(sent), 0, 0)
    assert "more than is known" not in report.message
    for one in sent:
        [(kind, event, user, anonymous, library)] = place.ask(
            "SELECT type, event, user_id, anonymous_id, context->'library'->>'name' FROM raw.web_events"
            f" WHERE message_id = '{one['messageId']}'"
        )
        assert (kind, event) == (one["type"], one.get("event"))
        assert (user, anonymous) == (one.get("userId"), one.get("anonymousId"))
        contexts = [(whole.get("context") or {}) for whole in (one, payload)]
        assert library == next((c["library"]["name"] for c in contexts if "library" in c), None)


def test_what_an_envelope_shares_belongs_to_each_of_its_messages(place: Place) -> None:
    envelope = {
        "messageId": "envelope",
        "sentAt": "2026-05-01T10:30:00Z",
        "receivedAt": "2026-05-01T10:31:00Z",
        "integrations": {"All": False},
        "context": {"ip": "192.0.2.1", "page": {"url": "https://a.example/", "title": "A"}, "tags": [1, 2]},
        "batch": [
            message("s1"),
            message("s2", context={"ip": "192.0.2.9", "page": {"url": "https://b.example/"}, "tags": [3]}),
            message("s3", context=None, receivedAt="2026-05-01T10:32:00Z"),
            message("s4", context=[]),
            7,
        ],
    }
    place.land("wire.jsonl", lines(envelope, {**envelope, "type": "", "batch": [message("s5")]}))
    assert counts(load("web"), "web_events") == (6, 5, 0, 1)
    shared = envelope["context"]
    kept = place.ask(
        "SELECT message_id, context, extras, received_at::VARCHAR FROM raw.web_events ORDER BY 1"
    )
    assert [(message_id, json.loads(context), extras) for message_id, context, extras, _ in kept] == [
        ("s1", shared, None),
        ("s2", {"ip": "192.0.2.9", "page": {"url": "https://b.example/", "title": "A"}, "tags": [3]}, None),
        ("s3", shared, None),
        ("s4", shared, None),
        ("s5", shared, None),
    ]
    assert [received_at for *_, received_at in kept][1:3] == [
        "2026-05-01 10:31:00+00",
        "2026-05-01 10:32:00+00",
    ]


def test_a_message_is_the_same_alone_and_in_an_envelope(place: Place, at: Callable[[str], None]) -> None:
    shared = {"library": {"name": "analytics-go", "version": "3.0.0"}}
    bare = [message(f"same{i}", properties={"price": 19.90 + i, "name": "Größe"}) for i in range(20)]
    alone = [{**one, "context": shared} for one in bare]
    together = {"batch": bare, "context": shared, "messageId": "e1"}
    place.land("a.jsonl", lines(*alone[:10], {**together, "batch": bare[10:]}))
    assert counts(load("web"), "web_events") == (20, 20, 0, 0)
    before = place.ask("SELECT * FROM raw.web_events ORDER BY message_id")
    columns = "type, event, anonymous_id, context::VARCHAR, properties->>'name', extras"
    assert len(place.ask(f"SELECT DISTINCT {columns} FROM raw.web_events")) == 1
    at("2026-06-02T00:00:00Z")
    place.land("b.jsonl", lines(*alone[10:], {**together, "batch": bare[:10]}))
    assert counts(load("web"), "web_events") == (20, 0, 20, 0)
    assert place.ask("SELECT * FROM raw.web_events ORDER BY message_id") == before


def test_the_spelling_of_an_envelope_does_not_change_the_hash_of_a_message(place: Place) -> None:
    compact = json.dumps(message("h1"), separators=(",", ":"))
    place.land("a.jsonl", compact + "\n")
    load("web")
    alone = place.column("SELECT record_hash FROM raw.web_events")
    place.land("a.jsonl", json.dumps({"batch": [json.loads(compact.replace("h1", "h2"))]}) + "\n")
    load("web")
    expected = hashlib.md5(compact.replace("h1", "h2").encode()).hexdigest()
    assert place.column("SELECT record_hash FROM raw.web_events ORDER BY message_id") == [*alone, expected]


@pytest.mark.parametrize(
    ("times", "instant"),
    [
        ({"timestamp": "2026-05-01T10:00:00Z", "sentAt": "now"}, "10:00:00"),
        (
            {"timestamp": "2026-05-01T10:00:00Z", "originalTimestamp": "2026-05-01", "receivedAt": 7},
            "10:00:00",
        ),
        ({"originalTimestamp": "2026-05-01T10:01:00Z", "sentAt": "2026-05-01T10:05:00Z"}, "10:01:00"),
        ({"sentAt": "2026-05-01T10:02:00Z", "receivedAt": "2026-05-01T10:05:00Z"}, "10:02:00"),
        ({"sentAt": "soon", "receivedAt": "2026-05-01T10:03:00Z"}, "10:03:00"),
        ({"timestamp": "0001-01-01T00:00:00Z", "receivedAt": "2026-05-01T10:04:00Z"}, "10:04:00"),
        ({"timestamp": "2026-05-01T10:00:00.1234567Z"}, "10:00:00.123456"),
        ({"timestamp": "2026-05-01T12:00:00.123456789+0200"}, "10:00:00.123456"),
    ],
)
def test_only_the_time_that_is_used_must_be_good(place: Place, times: dict[str, str], instant: str) -> None:
    one = {"messageId": "t1", "type": "page", "anonymousId": "a1"}
    is_own = "originalTimestamp" in times
    own = {key: times[key] for key in ("timestamp", "originalTimestamp") if is_own and key in times}
    shared = {key: value for key, value in times.items() if key not in own}
    envelope = {**shared, "batch": [{**one, **own, "messageId": "t2"}]}
    place.land("a.jsonl", lines({**one, **times}, envelope))
    assert counts(load("web"), "web_events") == (2, 2, 0, 0)
    assert place.column("SELECT DISTINCT strftime(timestamp, '%H:%M:%S.%f') FROM raw.web_events") == [
        instant if "." in instant else f"{instant}.000000"
    ]


def test_a_time_that_cannot_be_read_is_missing_and_kept(place: Place) -> None:
    one = message("k1", sentAt="2026-05-01 noon", receivedAt=1777600000, batch="B-17")
    place.land("a.jsonl", lines(one, {"sentAt": "later", "batch": [message("k2")]}))
    report = load("web")
    assert "The feed web has times that cannot be read, kept in extras: receivedAt, sentAt." in report.message
    assert "more than is known, kept in extras: batch." in report.message
    kept = place.ask("SELECT message_id, sent_at, received_at, extras FROM raw.web_events ORDER BY 1")
    assert [(*row[:3], json.loads(row[3])) for row in kept] == [
        ("k1", None, None, {"batch": "B-17", "sentAt": "2026-05-01 noon", "receivedAt": "1777600000"}),
        ("k2", None, None, {"sentAt": "later"}),
    ]
