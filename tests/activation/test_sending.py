"""Sendings to a real server that is busy or broken at times: what it holds in the end is the audience."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pytest

from activation import destinations
from activation.definitions import Audience, AudienceError
from activation.sending import Sending, activate
from tests.activation.test_members import NOW, Person, warehouse
from tests.pipeline_run.run import environment

CONSENT = {("marketing", "email"): (True, True)}
PEOPLE = [Person(False, True, True, dict(CONSENT), 0, False) for _ in range(25)]


class Receiver(ThreadingHTTPServer):
    """A destination that first answers as it is bidden, then well; a batch that it has seen it passes over."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[int] = []
        self.asked = 0
        self.seen: set[str] = set()
        self.members: dict[str, str | None] = {}

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        answer = self.server.answers.pop(0) if self.server.answers else 200
        if answer == 200 and self.headers["Idempotency-Key"] not in self.server.seen:
            self.server.seen.add(self.headers["Idempotency-Key"])
            for member in json.loads(body)["members"]:
                if member["action"] == "add":
                    self.server.members[member["id"]] = member["email"]
                else:
                    del self.server.members[member["id"]]
        self.send_response(answer)
        if answer == 429:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def landing(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "marketing"
    with environment({"SOURCES__MARKETING__BUCKET_URL": str(folder)}):
        yield folder


def audience(url: str, kind: str = "webhook", channel: str = "email") -> Audience:
    sql = "select customer_id from dim_customers"
    return Audience("buyers", "crm", "all", channel, sql, {"kind": kind, "url": url})


def withdraw(file: Path, customer: str) -> None:
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute(
            "update marts.dim_customer_consent set status = 'withdrawn' where customer_id = ?", [customer]
        )


def events(landing: Path) -> list[dict[str, Any]]:
    files = sorted((landing / "audiences").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_a_server_that_fails_at_times_holds_the_audience_in_the_end(
    receiver: Receiver, landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destinations, "BATCH", 10)
    receiver.answers = [503, 429, 200, 500, 502, 200]
    file = warehouse(tmp_path, PEOPLE)
    assert activate(audience(receiver.url), file, NOW).added == 25
    assert list(receiver.members.values()) == ["e"] * 25
    assert receiver.asked == 7
    assert {event["event"] for event in events(landing)} == {"Audience Member Added"}
    assert len({event["messageId"] for event in events(landing)}) == 25
    assert all(event["properties"]["consent_event_id"] == "cse" for event in events(landing))


def test_only_changes_are_sent_and_who_withdraws_is_removed(
    receiver: Receiver, landing: Path, tmp_path: Path
) -> None:
    file = warehouse(tmp_path, PEOPLE)
    activate(audience(receiver.url), file, NOW)
    asked = receiver.asked
    again = activate(audience(receiver.url), file, NOW)
    assert (again.added, again.changed, again.removed, receiver.asked) == (0, 0, 0, asked)
    withdraw(file, "3")
    last = activate(audience(receiver.url), file, NOW + timedelta(days=1))
    assert (last.added, last.changed, last.removed) == (0, 0, 1)
    assert len(receiver.members) == 24
    removals = [event for event in events(landing) if event["event"] == "Audience Member Removed"]
    assert [event["context"]["traits"] for event in removals] == [{}]


def test_a_server_that_does_not_recover_leaves_everything_to_be_sent_again(
    receiver: Receiver, landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destinations, "TRIES", 1)
    monkeypatch.setattr(destinations, "FIRST_WAIT_SECONDS", 0)
    receiver.answers = [400] * 50
    file = warehouse(tmp_path, PEOPLE)
    with pytest.raises(AudienceError, match="was not sent"):
        activate(audience(receiver.url), file, NOW)
    assert not landing.exists()
    assert list(file.parent.glob("audiences/work-*")) == []
    receiver.answers = []
    assert activate(audience(receiver.url), file, NOW) == Sending(
        "buyers", {**dict.fromkeys(_outcomes(), 0), "sent": 25}, 25, 0, 0
    )
    assert len(receiver.members) == 25


def _outcomes() -> list[str]:
    return ["internal", "no_contact", "suppressed", "no_consent", "frequency_cap", "held_out", "sent"]


def test_an_ad_platform_gets_hashes_of_what_it_would_normalise_to_the_same(
    landing: Path, tmp_path: Path
) -> None:
    person = Person(False, True, True, {("advertising", "web"): (True, True)}, 0, False)
    file = warehouse(tmp_path, [person])
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute(
            "update marts.dim_customers set email = ' Ana@Example.org', phone = '+1 (312) 555-0143'"
        )
    activate(audience(str(tmp_path / "ads"), "ads", "ads"), file, NOW)
    (written,) = (tmp_path / "ads" / "buyers").glob("*.csv")
    email, phone = (hashlib.sha256(text).hexdigest() for text in (b"ana@example.org", b"+13125550143"))
    assert written.read_text().splitlines()[1].endswith(f",{email},{phone}")
    assert "Example" not in written.read_text()
