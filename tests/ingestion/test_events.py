"""Landed messages: what loads, what is a duplicate, what is rejected and why."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from ingestion.sources import load
from tests.ingestion.place import Place, counts, lines, message

DEEP_32: dict[str, Any] = {"x": 1}
for _ in range(30):
    DEEP_32 = {"x": DEEP_32}


def test_columns_of_a_message(place: Place) -> None:
    one = message(
        "m1",
        type="identify",
        userId=42,
        groupId=None,
        name="Home",
        sentAt="2026-05-01T12:00:00+02:00",
        context={"page": {"url": "https://shop.example/"}},
        traits={"email": "a@example.org"},
    )
    place.land("2026/05/a.jsonl", "\n" + lines(one))
    assert counts(load("web"), "web_events") == (1, 1, 0, 0)
    [row] = place.ask(
        'SELECT message_id, type, user_id, group_id, "timestamp"::VARCHAR, sent_at::VARCHAR, received_at,'
        " context,"
        " properties, traits, source_file, source_line, record_hash, loaded_at::VARCHAR FROM raw.web_events"
    )
    assert row[:4] == ("m1", "identify", "42", None)
    assert row[4:7] == ("2026-05-01 10:00:00.123+00", "2026-05-01 10:00:00+00", None)
    assert json.loads(row[7]) == one["context"]
    assert row[8] is None
    assert json.loads(row[9]) == one["traits"]
    assert row[10] == f"{place.landing()}/2026/05/a.jsonl"
    assert row[11] == 2
    assert len(row[12]) == 32
    assert row[13] == "2026-06-01 12:00:00+00"


def test_a_field_that_nobody_knows_is_kept_and_reported(place: Place) -> None:
    known = message("m1", integrations={"All": True}, version=2)
    new = message("m2", experiment={"arm": "b"}, _score=7)
    envelope = {"batch": [message("m3", arm="c")], "sentAt": "2026-05-01T12:00:00Z"}
    place.land("a.jsonl", lines(known, new, envelope))
    report = load("web")
    assert "The feed web has more than is known, kept in extras: _score, arm, experiment." in report.message
    kept = place.ask("SELECT message_id, extras FROM raw.web_events ORDER BY 1")
    assert [(message_id, extras and json.loads(extras)) for message_id, extras in kept] == [
        ("m1", None),
        ("m2", {"experiment": {"arm": "b"}, "_score": 7}),
        ("m3", {"arm": "c"}),
    ]


REJECTED = {
    "not_json": [
        '{"messageId": "x", "type": "tr',
        "hello",
        '{"messageId":"x",}',
        '{"messageId":"x","n":NaN}',
        '{"messageId":"x","n":nan}',
        '{"messageId":"x","n":[-INF]}',
    ],
    "not_an_object": ['["a"]', '"text"', "1", "null"],
    "missing_message_id": [
        '{"type":"track","timestamp":"2026-05-01T00:00:00Z"}',
        '{"messageId":" ","type":"page"}',
        "{}",
    ],
    "missing_type": ['{"messageId":"x1","timestamp":"2026-05-01T00:00:00Z"}'],
    "missing_timestamp": ['{"messageId":"x2","type":"page"}'],
    "bad_timestamp": [
        json.dumps(message("x3", timestamp=text))
        for text in (
            "2026-05-01T10:00:00",
            "2026-05-01",
            "yesterday",
            "2026-13-01T10:00:00Z",
            1777600000,
            "infinity",
            "0001-01-01T00:00:00+14:00",
        )
    ]
    + [
        json.dumps(message("x4", timestamp=None, originalTimestamp="soon", sentAt="2026-05-01T10:00:00Z")),
        json.dumps(message("x4", timestamp=None, receivedAt="2026-05-01T10:00:00")),
    ],
    "timestamp_in_future": [json.dumps(message("x5", timestamp="2026-06-03T12:00:01Z"))],
    "nested_too_deep": [json.dumps(message("x6", properties={"y": DEEP_32}))],
    "record_too_large": [json.dumps(message("x7", properties={"y": "z" * 1024 * 1024}))],
    "type_mismatch": [json.dumps(message("x8", userId={"id": 1}))],
}


def test_every_reason_in_one_file(place: Place) -> None:
    good = [
        message("g1", timestamp="2026-06-03T12:00:00Z"),
        message("g2", properties=DEEP_32),
        message("g3", timestamp=None, originalTimestamp="2026-05-01T10:00:00-05:30"),
        message("g4", userId="[1]", properties={"text": "a, ] and {[{[" * 20}),
        message("g1"),
    ]
    bad = [line for some in REJECTED.values() for line in some]
    place.land("all.jsonl", lines(*good) + "\n   \n" + "\n".join(bad))
    report = load("web")
    assert counts(report, "web_events") == (len(good) + len(bad), 4, 1, len(bad))
    assert place.reasons() == {reason: len(some) for reason, some in REJECTED.items()}
    assert place.ask(
        "SELECT records_read, records_loaded, records_duplicate, records_rejected FROM raw.load_ledger"
    ) == [(len(good) + len(bad), 4, 1, len(bad))]
    kept = place.ask("SELECT locator, reason, record, detail FROM raw.rejects ORDER BY locator::BIGINT")
    assert [(int(line), record) for line, _, record, _ in kept] == list(enumerate(bad, len(good) + 3))
    assert all(detail and detail.endswith(".") for *_, detail in kept)
    assert "2026-05-01T10:00:00" in next(detail for _, reason, _, detail in kept if reason == "bad_timestamp")


def test_what_duckdb_cannot_read_goes_the_other_way(place: Place) -> None:
    parts = [
        lines(message("w1")).encode(),
        b'{"messageId": "w2\x00"}\n',
        b'{"messageId": "w3", "name": "caf\xe9"}\n',
        b"\n",
        json.dumps(message("w4", properties={"y": "z" * 5_000_000})).encode() + b"\r\n",
        b"x" * 20_000_000 + b"\n",
        lines(message("w5")).encode().rstrip(b"\n"),
    ]
    place.land("odd.jsonl", b"".join(parts))
    place.land("plain.jsonl", lines(message("w6")))
    report = load("web")
    assert counts(report, "web_events") == (7, 3, 0, 4)
    assert place.reasons() == {"unreadable_bytes": 2, "record_too_large": 2}
    assert place.ask("SELECT message_id, source_line FROM raw.web_events ORDER BY ALL") == [
        ("w1", 1),
        ("w5", 7),
        ("w6", 1),
    ]
    assert place.column(
        "SELECT record FROM raw.rejects WHERE reason = 'unreadable_bytes' ORDER BY locator"
    ) == [
        '{"messageId": "w2\\x00"}',
        '{"messageId": "w3", "name": "caf\\xe9"}',
    ]


def test_carriage_returns_a_byte_order_mark_and_gzip(place: Place) -> None:
    text = lines(message("c1"), message("c2"))
    place.land("windows.json", "\ufeff" + text.replace("\n", "\r\n"))
    place.land("deep/zipped.json.gz", lines(message("c3")))
    place.land("deep/no-suffix.gz", lines(message("c4")))
    two = gzip.compress(lines(message("c5")).encode()) + gzip.compress(lines(message("c6")).encode())
    (place.landing() / "two-members.jsonl.gz").write_bytes(two)
    (place.landing() / "not-zipped.jsonl.gz").write_bytes(lines(message("c7")).encode())
    place.land("ignored.csv", "a,b\n")
    place.land("empty.jsonl", "")
    assert counts(load("web"), "web_events") == (7, 7, 0, 0)
    hashes = place.ask("SELECT count(DISTINCT record_hash), count(*) FROM raw.load_ledger, raw.web_events")
    assert hashes[0][0] == 7
    assert place.column("SELECT count(*) FROM raw.load_ledger WHERE records_read = 0") == [1]


def test_whole_lines_before_a_gzip_break_are_loaded(place: Place) -> None:
    many = [message(f"t{i:05}", properties={"i": i, "x": str(i * 7919)}) for i in range(2000)]
    whole = gzip.compress(lines(*many).encode())
    (place.landing() / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    report = load("web")
    _, loaded, duplicate, rejected = counts(report, "web_events")
    assert (duplicate, rejected) == (0, 1)
    assert 0 < loaded < 2000
    assert place.column("SELECT message_id FROM raw.web_events ORDER BY 1") == [
        one["messageId"] for one in many[:loaded]
    ]
    [(reason, locator, record)] = place.ask("SELECT reason, locator, record FROM raw.rejects")
    assert (reason, int(locator)) == ("truncated_gzip", loaded + 1)
    assert lines(many[loaded]).startswith(record)
    (place.landing() / "cut.jsonl.gz").write_bytes(whole)
    assert counts(load("web"), "web_events") == (2000, 2000 - loaded, loaded, 0)


def test_a_batch_envelope_counts_as_its_messages(place: Place) -> None:
    envelope = {
        "batch": [
            message("b1"),
            message("b2", sentAt="2026-05-01T11:00:00Z"),
            {"type": "page"},
            7,
            message("b1"),
        ],
        "sentAt": "2026-05-01T10:30:00Z",
        "writeKey": "k",
    }
    place.land("wire.jsonl", lines(message("b0"), envelope, {"batch": []}))
    assert counts(load("web"), "web_events") == (6, 3, 1, 2)
    assert place.ask("SELECT message_id, sent_at::VARCHAR, source_line FROM raw.web_events ORDER BY 1") == [
        ("b0", None, 1),
        ("b1", "2026-05-01 10:30:00+00", 2),
        ("b2", "2026-05-01 11:00:00+00", 2),
    ]
    assert place.ask("SELECT locator, reason FROM raw.rejects ORDER BY 1") == [
        ("2, message 3", "missing_message_id"),
        ("2, message 4", "not_an_object"),
    ]


def test_a_message_as_deep_as_allowed_loads_from_an_envelope_too(place: Place) -> None:
    deep = [message(f"d{number}", properties=DEEP_32) for number in (1, 2)]
    place.land("wire.jsonl", lines({"batch": deep[:1]}, {"messageId": "e1", "type": " ", "batch": deep[1:]}))
    assert counts(load("web"), "web_events") == (2, 2, 0, 0)


def test_a_message_that_holds_a_batch_too_is_rejected_whole(place: Place) -> None:
    both = message("outer", batch=[message("in1"), message("in2")])
    numbered = message("m1", batch="B-17", other=1)
    place.land("wire.jsonl", lines(both, numbered, message("m2", batch=[]), {"batch": [both, message("m3")]}))
    assert counts(load("web"), "web_events") == (5, 3, 0, 2)
    assert place.ask("SELECT message_id, extras::VARCHAR FROM raw.web_events ORDER BY 1") == [
        ("m1", '{"batch":"B-17","other":1}'),
        ("m2", '{"batch":[]}'),
        ("m3", None),
    ]
    rejects = place.ask("SELECT locator, reason, detail, record FROM raw.rejects ORDER BY 1")
    assert [(locator, reason) for locator, reason, *_ in rejects] == [
        ("1", "message_with_batch"),
        ("4, message 1", "message_with_batch"),
    ]
    assert all("also holds a batch of messages" in detail for *_, detail, _ in rejects)
    assert [json.loads(record) for *_, record in rejects] == [both, both]


def test_a_large_envelope_of_small_messages_loads(place: Place) -> None:
    many = [message(f"e{i}", properties={"text": "z" * 1000}) for i in range(1500)]
    place.land("wire.jsonl", lines({"batch": many}))
    assert counts(load("web"), "web_events") == (1500, 1500, 0, 0)


def test_the_same_message_counts_once_in_any_file(place: Place) -> None:
    place.land("a.jsonl", lines(message("s1"), message("s2")))
    place.land("b.jsonl", lines(message("s2"), message("s3")))
    assert counts(load("web"), "web_events") == (4, 3, 1, 0)
    place.land("c.jsonl.gz", lines(message("s3"), message("s4")))
    assert counts(load("web"), "web_events") == (2, 1, 1, 0)
    assert place.column("SELECT message_id FROM raw.web_events ORDER BY 1") == ["s1", "s2", "s3", "s4"]


def test_a_file_that_was_only_touched_is_looked_through_once_more_and_changes_nothing(
    place: Place, at: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    path = place.land("a.jsonl", lines(message("s1")) + "broken\n")
    load("web")
    before = {table: place.ask(f"SELECT * FROM raw.{table}") for table in ("web_events", "rejects")}
    at("2026-06-02T00:00:00Z")
    path.touch()
    place.land("b.jsonl", lines(message("s1")))
    assert counts(load("web"), "web_events") == (1, 0, 1, 0)
    assert before == {table: place.ask(f"SELECT * FROM raw.{table}") for table in before}
    with caplog.at_level("INFO"):
        report = load("web")
    assert (report.status, report.tables) == ("loaded", {})
    assert "web: reading" not in caplog.text


def test_a_mended_file_loads_what_was_rejected(place: Place, at: Callable[[str], None]) -> None:
    broken = json.dumps(message("r2"))[:-1]
    place.land("a.jsonl", lines(message("r1")) + broken + "\nstill broken\nstill broken\n")
    assert counts(load("web"), "web_events") == (4, 1, 0, 3)
    at("2026-06-02T00:00:00Z")
    place.land("a.jsonl", "\n" + lines(message("r1"), message("r2")) + "still broken\nstill broken\n")
    assert counts(load("web"), "web_events") == (4, 1, 1, 2)
    assert place.ask(
        "SELECT message_id, source_line, loaded_at::DATE::VARCHAR FROM raw.web_events ORDER BY 1"
    ) == [
        ("r1", 1, "2026-06-01"),
        ("r2", 3, "2026-06-02"),
    ]
    assert place.column("SELECT record FROM raw.rejects ORDER BY 1") == [
        "still broken",
        "still broken",
        broken,
    ]
    assert place.column("SELECT rejected_at::DATE::VARCHAR FROM raw.rejects") == ["2026-06-01"] * 3
