"""Messages that are JSON, or nearly: halves of emoji, keys that come twice, blanks around a time."""

import json
from collections.abc import Callable

import pytest

from ingestion.records import decoded, joined
from ingestion.sources import load
from simulator.support_api import SupportApi, SupportData
from tests.ingestion.place import Place, counts, lines, message

AT = "2026-05-01T10:00:00Z"


@pytest.mark.parametrize(
    ("cut", "read"),
    [
        (r"\ud83d", "\ufffd"),
        (r"\uDE00 x", "\ufffd x"),
        (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (r"\ude00\ud83d\u0041", "\ufffd\ufffdA"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\\ud83d \\\ud83d", "\\ud83d \\\ufffd"),
    ],
)
def test_half_an_emoji_is_a_replacement_character(place: Place, cut: str, read: str) -> None:
    one = json.dumps(message("m1", event="HERE", properties={"HERE": "HERE"})).replace("HERE", cut)
    envelope = json.dumps({"batch": [message("m2", event="HERE")]}).replace("HERE", cut)
    place.land("a.jsonl", f"{one}\n{envelope}\n")
    assert counts(load("web"), "web_events") == (2, 2, 0, 0)
    assert place.column("SELECT event FROM raw.web_events ORDER BY message_id") == [read, read]
    [properties] = place.column("SELECT properties FROM raw.web_events WHERE message_id = 'm1'")
    assert json.loads(properties) == {read: read}


def test_halves_written_as_bytes_are_joined_or_replaced(place: Place) -> None:
    text = json.dumps(message(event="HERE", name="THERE"))
    written = text.replace("HERE", "\ud83d\ude00").replace("T\ud83d\ude00", "\ud83d")
    place.land("a.jsonl", written.encode(errors="surrogatepass"))
    assert counts(load("web"), "web_events") == (1, 1, 0, 0)
    assert place.ask("SELECT event, name FROM raw.web_events") == [("\U0001f600", "\ufffd")]
    assert (joined("a\ude00"), decoded(b"\xff"), decoded(b"\xed\xa0\xbd")) == ("a\ufffd", None, "\ufffd")


def test_a_rejected_message_with_half_an_emoji_is_kept_as_it_came(place: Place) -> None:
    line = json.dumps(message("m1", type=None, event="\ud83d"))
    place.land("a.jsonl", line)
    load("web")
    assert place.ask("SELECT reason, record FROM raw.rejects") == [("missing_type", line)]


def test_the_times_of_a_rejected_message_with_half_an_emoji_are_named(place: Place) -> None:
    line = json.dumps(message("m1", timestamp="yesterday", event="\ud83d"))
    place.land("a.jsonl", line)
    load("web")
    [(record, detail)] = place.ask("SELECT record, detail FROM raw.rejects")
    assert record == line
    assert "timestamp yesterday" in detail


def test_half_an_emoji_of_the_support_api_loads(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = {"id": 1, "requester_id": 1, "subject": "Thanks \ud83d", "created_at": AT, "updated_at": AT}
    with SupportApi(SupportData(tickets=[ticket], users=[]), token="t") as api:
        monkeypatch.setenv("SOURCES__SUPPORT__BASE_URL", api.base_url)
        monkeypatch.setenv("SOURCES__SUPPORT__API_TOKEN", "t")
        assert counts(load("support"), "support_tickets") == (1, 1, 0, 0)
    assert place.column("SELECT subject FROM raw.support_tickets") == ["Thanks \ufffd"]


def _twice(one: str, first: str, second: str) -> str:
    return one.replace(first, f"{first}, {second}", 1)


def test_a_key_that_comes_twice_is_read_once_and_reported(place: Place) -> None:
    plain = json.dumps(message("m1", properties={"order_id": "o1", "products": []}, extra=1))
    twice = _twice(plain, '"messageId": "m1"', '"messageId": "m9"')
    twice = _twice(twice, '"order_id": "o1"', '"order_id": "o9"')
    other = _twice(plain.replace("m1", "m2"), '"extra": 1', '"extra": 2')
    envelope = _twice(json.dumps({"batch": [], "sentAt": AT}), f'"sentAt": "{AT}"', f'"sentAt": "{AT}"')
    place.land("a.jsonl", "\n".join([twice, other, lines(message("m3")), envelope]))
    report = load("web")
    assert counts(report, "web_events") == (3, 3, 0, 0)
    assert place.ask(
        "SELECT message_id, properties->>'order_id' FROM raw.web_events WHERE message_id <> 'm2' ORDER BY 1"
    ) == [
        ("m1", "o1"),
        ("m3", None),
    ]
    assert (
        "The feed web repeats a key within one JSON object, and the first value is read:"
        " extra, messageId, 'properties.order_id', sentAt (in 4 objects)." in report.message
    )


def test_no_key_comes_twice(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1", extra=1, other=2), {"batch": [message("m2")], "x": 1}))
    assert "repeats a key" not in load("web").message


@pytest.mark.parametrize("written", [f" {AT} ", f"\t{AT}\r\n", f"{AT} "])
def test_blanks_around_a_time_are_taken_off(place: Place, at: Callable[[str], None], written: str) -> None:
    one = message("m1", timestamp=written, sentAt="  ", receivedAt=written)
    place.land("a.jsonl", lines(one, {"batch": [message("m2")], "sentAt": written}))
    assert counts(load("web"), "web_events") == (2, 2, 0, 0)
    assert place.ask(
        'SELECT "timestamp"::VARCHAR, sent_at::VARCHAR, received_at::VARCHAR FROM raw.web_events ORDER BY message_id'
    ) == [
        ("2026-05-01 10:00:00+00", None, "2026-05-01 10:00:00+00"),
        ("2026-05-01 10:00:00.123+00", "2026-05-01 10:00:00+00", None),
    ]


def test_a_time_of_blanks_is_none(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1", timestamp=" \t")))
    load("web")
    assert place.reasons() == {"missing_timestamp": 1}
